/* A whole importer plugin in C: reads one name a line from files that end in .names, and makes each a card.

   Build it with
       cc -std=c11 -shared -fPIC -O2 -Wall -Wextra -I plugins/sdk/include -o libnames.so docs/examples/names.c
   put libnames.so into ~/.local/share/kith/plugins, not writable for others. `kith plugins` lists it.

   It uses no file, no thread and no network, and frees all that it allocates: docs/PLUGINS.md says why. */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kith_plugin.h"

/* The longest line that is taken for a name, in bytes. */
enum { NAME_LIMIT = 1000 };

/* One import: the host's functions, and where we are in the file. */
typedef struct {
    const KithInput *input;
    const KithEmit *emit;
    void *ctx;
    uint32_t entry;
    uint64_t line;
} Import;

static bool ends_with(KithText text, const char *ending)
{
    size_t length = strlen(ending);
    return text.length >= length && memcmp(text.bytes + text.length - length, ending, length) == 0;
}

/* How sure are we that we can read this, 0 to 100? */
static int32_t probe(const KithText *names, size_t name_count, const uint8_t *head, size_t head_length)
{
    (void)head;
    (void)head_length;
    for (size_t at = 0; at < name_count; at++)
        if (!ends_with(names[at], ".names"))
            return 0;
    return 90;
}

/* Writes text as the inside of a JSON string. `out` has room for six bytes for each of `length`. Returns the length. */
static size_t escape(char *out, const uint8_t *text, size_t length)
{
    size_t end = 0;
    for (size_t at = 0; at < length; at++) {
        if (text[at] == '"' || text[at] == '\\' || text[at] < 0x20)
            end += (size_t)sprintf(out + end, "\\u%04x", text[at]);
        else
            out[end++] = (char)text[at];
    }
    return end;
}

/* Is this UTF-8 (RFC 3629)? kith leaves out a record that is not. */
static bool is_utf8(const uint8_t *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        uint8_t first = text[at++];
        if (first < 0x80)
            continue;
        size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
        if (first < 0xC2 || first > 0xF4 || more > length - at)
            return false;
        uint8_t least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        uint8_t most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (text[at] < least || text[at] > most)
            return false;
        while (--more > 0)
            if ((text[++at] & 0xC0) != 0x80)
                return false;
        at++;
    }
    return true;
}

/* Tells of a line that is left out. Nothing vanishes. */
static int32_t emit_problem(const Import *import, const char *problem)
{
    char json[6 * NAME_LIMIT + 200];
    KithText path = import->input->entries[import->entry].name;
    size_t end = (size_t)sprintf(json, "{\"path\":\"");
    end += escape(json + end, path.bytes, path.length > NAME_LIMIT ? 0 : path.length);
    end += (size_t)sprintf(json + end,
                           "\",\"line\":%llu,\"problem\":\"%s\",\"consequence\":\"line left out\",\"refused\":true}",
                           (unsigned long long)import->line, problem);
    return import->emit->diagnostic(import->ctx, (const uint8_t *)json, end);
}

/* Emits one line as a card. A bad line becomes a diagnostic, and the rest is kept. */
static int32_t emit_line(const Import *import, const uint8_t *text, size_t length)
{
    if (length > NAME_LIMIT)
        return emit_problem(import, "too long for a name");
    if (length > 0 && text[length - 1] == '\r')
        length--;
    if (length == 0)
        return KITH_OK;
    if (!is_utf8(text, length))
        return emit_problem(import, "not UTF-8");
    char json[6 * NAME_LIMIT + 200];
    size_t end = (size_t)sprintf(json, "{\"card\":{\"name\":{\"full\":\"");
    end += escape(json + end, text, length);
    end += (size_t)sprintf(json + end, "\"}}}");
    KithPlace place = {.position = import->line, .line = import->line, .entry = import->entry};
    KithText no_key = {0};
    return import->emit->record(import->ctx, &place, no_key, (const uint8_t *)json, end);
}

/* Reads one file, in pieces, and emits its lines. */
static int32_t import_entry(Import *import)
{
    uint8_t buffer[64 * 1024];
    uint8_t line[NAME_LIMIT + 1];
    size_t length = 0;
    uint64_t offset = 0;
    import->line = 1;
    for (;;) {
        int64_t read = import->input->pread(import->ctx, import->entry, offset, buffer, sizeof buffer);
        if (read < 0) {
            import->emit->reason(import->ctx, (KithText)KITH_TEXT("the file cannot be read"));
            return KITH_REFUSED;
        }
        for (int64_t at = 0; at < read; at++) {
            if (buffer[at] != '\n') {
                if (length <= NAME_LIMIT)
                    line[length++] = buffer[at];
                continue;
            }
            int32_t answer = emit_line(import, line, length);
            if (answer != KITH_OK)
                return answer;
            length = 0;
            import->line++;
        }
        if (read == 0)
            break;
        offset += (uint64_t)read;
    }
    return emit_line(import, line, length);
}

/* Reads the bundle: says what its records belong to, then emits them file by file. */
static int32_t import(const KithInput *input, const KithEmit *emit, void *ctx)
{
    static const char part[] = "{\"source\":\"names\",\"collection\":\"names\",\"completeness\":\"additive\"}";
    int32_t answer = emit->part(ctx, (const uint8_t *)part, sizeof part - 1);
    Import import = {.input = input, .emit = emit, .ctx = ctx};
    for (; answer == KITH_OK && import.entry < input->entry_count; import.entry++)
        answer = import_entry(&import);
    return answer;
}

static const KithText endings[] = {KITH_TEXT(".names")};

KITH_IMPORTER("names", "1.0", endings, 1, probe, import);
