/* The plugin interface of kith: what an importer plugin exports, and what it is given.

   Generated from proto/src/abi.rs; do not edit. docs/PLUGINS.md tells the rules, docs/examples/names.c is a whole plugin.

   A plugin in C:

       static int32_t probe(...) { ... }
       static int32_t import(...) { ... }

       KITH_IMPORTER("names", "1.0", endings, 1, probe, import);

   compiled by: cc -shared -fPIC -O2 -Wall -I plugins/sdk/include -o libnames.so names.c */

#ifndef KITH_PLUGIN_H
#define KITH_PLUGIN_H

#include <stddef.h>
#include <stdint.h>
/* Text from a string literal. */
#define KITH_TEXT(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

/* What the plugin is compiled for. */
#if defined(__GLIBC__)
#define KITH_LIBC "gnu"
#else
#define KITH_LIBC "musl"
#endif
#if defined(__x86_64__)
#define KITH_TARGET "x86_64-linux-" KITH_LIBC
#elif defined(__aarch64__)
#define KITH_TARGET "aarch64-linux-" KITH_LIBC
#elif defined(__riscv)
#define KITH_TARGET "riscv64-linux-" KITH_LIBC
#endif

#if defined(__cplusplus)
#define KITH_EXPORT extern "C" __attribute__((visibility("default"), used))
#else
#define KITH_EXPORT __attribute__((visibility("default"), used))
#endif

/* Exports an importer with its note. `name` and `version` are string literals, `endings` an array of KithText. */
#define KITH_IMPORTER(name_, version_, endings_, ending_count_, probe_, import_)                                   \
    __attribute__((section(".note.kith"), used, aligned(4))) static const KithNote kith_note = {                   \
        5, 68, 1, "kith", KITH_ABI_VERSION, name_, KITH_TARGET};                                                   \
    KITH_EXPORT const KithImporter kith_importer = {KITH_ABI_VERSION, sizeof(KithImporter), KITH_TEXT(name_),      \
                                                    KITH_TEXT(version_), endings_, ending_count_, probe_, import_}

// The version of this interface. A plugin of another one is not loaded.
#define KITH_ABI_VERSION 1

// Answer: all is well, go on.
#define KITH_OK 0

// Answer of the host: it wants no more; return it from `import` at once. Answer of `import`: it was told so.
#define KITH_STOPPED 1

// Answer of `import`: the bundle as a whole cannot be imported; say why with `reason` first.
#define KITH_REFUSED 2

// Answer of `import`: the file ends in the middle, perhaps it is still being written; say where with `reason` first.
#define KITH_TRUNCATED 3

// Answer of `import`: the plugin itself failed, by a panic or the like; say how with `reason` first.
#define KITH_FAULT 4

// The length of a photo's hash as the host writes it: 64 hexadecimal digits.
#define KITH_HASH_LENGTH 64

// A stretch of UTF-8 text, not ended by a zero byte.
typedef struct {
    // Its first byte.
    const uint8_t *bytes;
    // How many bytes.
    size_t length;
} KithText;

// One file of a bundle.
typedef struct {
    // Its name relative to what is imported, parted by `/`.
    KithText name;
    // Its size in bytes.
    uint64_t size;
} KithEntry;

// What is imported: a bundle of files, read through `pread`.
typedef struct {
    // The size of this structure; a later host may add fields at its end.
    uint32_t size;
    // How many entries there are, at least one.
    uint32_t entry_count;
    // The entries.
    const KithEntry *entries;
    // Reads up to `length` bytes at `offset` of an entry into `buffer`.
    //
    // Returns how many were read, 0 at the end of the entry, or a negative number when it cannot be read.
    int64_t (*pread)(void *ctx, uint32_t entry, uint64_t offset, uint8_t *buffer, size_t length);
} KithInput;

// Where in the input an item stands.
typedef struct {
    // Which item of the file, from 1.
    uint64_t position;
    // Its first line, from 1; 0 where the format has no lines.
    uint64_t line;
    // Which entry of the bundle, from 0.
    uint32_t entry;
} KithPlace;

// Where the findings of an import go. Every function answers `KITH_OK` or `KITH_STOPPED`.
//
// `json` is one JSON object; its shapes are those of the crate `kith_proto` (modules `emit`, `record`, `diagnostic`).
typedef struct {
    // The size of this structure; a later host may add fields at its end.
    uint32_t size;
    // Names the source and collection that the records which follow belong to.
    int32_t (*part)(void *ctx, const uint8_t *json, size_t length);
    // Emits a record; `key.bytes` is null where the format has no key of its own.
    int32_t (*record)(void *ctx, const KithPlace *place, KithText key, const uint8_t *json, size_t length);
    // Tells of something wrong in the data.
    int32_t (*diagnostic)(void *ctx, const uint8_t *json, size_t length);
    // Counts items that are not records, by class: "closed profile".
    int32_t (*tally)(void *ctx, KithText class_, uint64_t count);
    // Hands over a photo of at most 8 MiB; the host writes `KITH_HASH_LENGTH` bytes, what a card calls it, to `hash`.
    int32_t (*photo)(void *ctx, const uint8_t *bytes, size_t length, uint8_t *hash);
    // Says in a lower-case fragment why `import` is about to answer other than `KITH_OK`.
    int32_t (*reason)(void *ctx, KithText text);
} KithEmit;

// What a plugin exports under the name `kith_importer`.
typedef struct {
    // `KITH_ABI_VERSION`.
    uint32_t abi_version;
    // The size of this structure.
    uint32_t size;
    // The importer's name, lower-case: `csv`. The note says the same.
    KithText name;
    // Its version.
    KithText version;
    // Endings of file names that it reads, lower-case: `.csv`. A hint only; `probe` decides.
    const KithText *accepts;
    // How many of them.
    size_t accept_count;
    // Returns how sure it is that it can read a bundle of these names and this head, 0 to 100; negative when it failed.
    //
    // `head` holds the first 64 KiB of the first entry.
    int32_t (*probe)(const KithText *names, size_t name_count, const uint8_t *head, size_t head_length);
    // Reads the bundle and emits what is in it; `ctx` goes with every call back to the host.
    int32_t (*import)(const KithInput *input, const KithEmit *emit, void *ctx);
} KithImporter;

// The ELF note in the section `.note.kith`: what the daemon must know before it runs any code of the plugin.
typedef struct {
    // The length of `owner` that counts: 5.
    uint32_t owner_length;
    // The length of what follows `owner`: 68.
    uint32_t length;
    // 1.
    uint32_t kind;
    // `kith`, filled up with zeroes.
    uint8_t owner[8];
    // `KITH_ABI_VERSION`.
    uint32_t abi_version;
    // The importer's name, filled up with zeroes.
    uint8_t name[32];
    // The target, `KITH_TARGET`, filled up with zeroes.
    uint8_t target[32];
} KithNote;

#endif  /* KITH_PLUGIN_H */
