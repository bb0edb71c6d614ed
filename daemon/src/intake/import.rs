//! Imports one input by one plugin: streamed as one import, or held back until the plugin is done with it.
//!
//! ```text
//!  open ─▶ choose ─▶ begin ─▶ plugin ─emissions─▶ append ─▶ unchanged? ─▶ commit
//! ```

use kith_proto::diagnostic::Diagnostic;
use tokio::sync::mpsc;

use super::open::{Input, content_hash};
use super::progress::{Phase, Teller};
use super::{Fault, Importer};
use crate::keeper::{Begun, Import, KeeperError, Mode, Report, Ticket};
use crate::plugin::{Bundle, Emission, PluginFault, PluginInfo};

/// How many batches of emissions may wait between plugin and keeper.
const BATCHES: usize = 8;

/// What is imported, as the user knows it, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order<'a> {
    /// The file or folder.
    pub(super) path: &'a str,
    /// Whether facts are written.
    pub(super) mode: Mode,
    /// What to do when it ends in the middle.
    pub(super) cut: Cut,
}

/// What to do when a file ends in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// The rest may still come: nothing of it counts.
    Waits,
    /// Nothing more will come: what stands before the cut counts.
    Keeps,
}

impl Importer {
    /// Imports the input as one import of its own, record by record as they come. Nothing of it counts when it fails.
    ///
    /// # Errors
    /// When it cannot be imported as a whole.
    pub(super) async fn stream(
        &self,
        input: &Input,
        Order { path, mode, cut }: Order<'_>,
        told: &mut Teller,
    ) -> Result<Report, Fault> {
        let bundle = input.open()?;
        told.phase(Phase::Reading);
        let content = match bundle.entries.as_slice() {
            [entry] => Some(content_hash(entry).await?),
            _ => None,
        };
        let plugin = match self.read_before_by(content.as_deref()).await {
            Some(plugin) => plugin,
            None => self.choose(&bundle).await?,
        };
        let names = content.is_none().then(|| input.names());
        let content = content.map(|content| self.content_as_told(&plugin, content)).transpose()?;
        let ticket = match self.begin(path, &plugin, content, mode).await? {
            Begun::Known(report) => {
                told.finished(input.bytes());
                return Ok(*report);
            }
            Begun::New(ticket) => ticket,
        };
        if let Some(names) = names {
            self.keeper.entries(ticket, names).await?;
        }
        let (mut cut_short, before) = (None, told.records());
        let result = match self.fill(ticket, &plugin, bundle, told).await {
            Err(Fault::Truncated(reason)) if cut == Cut::Keeps && told.records() > before => {
                let diagnostic = Diagnostic::kept(reason.as_str(), "what stands before the cut is kept");
                let path = path.rsplit('/').next().unwrap_or(path).to_owned();
                let diagnostic = Emission::Diagnostic(Diagnostic { path, ..diagnostic });
                cut_short = Some(reason);
                Ok(self.keeper.append(ticket, vec![diagnostic]).await?)
            }
            result => result,
        };
        let result = if input.changed().is_empty() { result } else { Err(Fault::Changed) };
        match result {
            Ok(()) => {
                told.finished(input.bytes());
                told.phase(Phase::Committing);
                Ok(Report { cut_short, ..self.keeper.commit(ticket).await? })
            }
            Err(fault) => {
                self.keeper.abort(ticket).await?;
                Err(fault)
            }
        }
    }

    /// Returns the plugin that read this very content before, if it is still there in the same version.
    async fn read_before_by(&self, content: Option<&str>) -> Option<String> {
        let known = self.keeper.book().imports().plugin_of(content?)?.to_owned();
        let list = self.plugins.list().await;
        let same = |info: &&PluginInfo| info.refused.is_none() && known == format!("{} {}", info.name, info.version);
        list.iter().find(same).map(|info| info.name.clone())
    }

    /// Begins an import with the plugin of this name.
    pub(super) async fn begin(
        &self,
        path: &str,
        plugin: &str,
        content: Option<String>,
        mode: Mode,
    ) -> Result<Begun, Fault> {
        let list = self.plugins.list().await;
        let version = list.iter().find(|info| info.name == plugin && info.refused.is_none()).map(|info| &info.version);
        let plugin = format!("{plugin} {}", version.map_or("?", |version| version));
        Ok(self.keeper.begin(Import { path: path.to_owned(), plugin, content, mode }).await?)
    }

    /// Returns the plugin that reads these files.
    ///
    /// # Errors
    /// When none does.
    pub(super) async fn choose(&self, bundle: &Bundle) -> Result<String, Fault> {
        if let Some(plugin) = self.wished_plugin() {
            return Ok(plugin);
        }
        let unknown = || Fault::Refused("no importer knows this kind of file".to_owned());
        self.plugins.choose(bundle).await.map_err(of_plugin)?.ok_or_else(unknown)
    }

    async fn fill(&self, ticket: Ticket, plugin: &str, bundle: Bundle, told: &mut Teller) -> Result<(), Fault> {
        told.phase(Phase::Importing);
        let bundle = Bundle { read: told.begin(), ..self.tell_beside(plugin, bundle)? };
        let (sink, mut emissions) = mpsc::channel::<Vec<Emission>>(BATCHES);
        // Takes the receiver along, so that the plugin is ended when the keeper has ended.
        let forward = async move {
            while let Some(batch) = emissions.recv().await {
                told.found(batch.iter().filter(|emission| matches!(emission, Emission::Record { .. })).count());
                self.keeper.append(ticket, batch).await?;
            }
            Ok::<(), KeeperError>(())
        };
        let (end, forwarded) = tokio::join!(self.plugins.import(plugin, bundle, sink), forward);
        forwarded?;
        end.map(drop).map_err(of_plugin)
    }

    /// Lets the plugin read the files and returns all that it emits, when it comes to its end; `None` when it emits more than
    /// is to be held back.
    ///
    /// # Errors
    /// When it does not come to its end; what it emitted until then is dropped.
    pub(super) async fn hold_back(
        &self,
        plugin: &str,
        bundle: Bundle,
        limit_bytes: usize,
    ) -> Result<Option<Vec<Vec<Emission>>>, Fault> {
        let bundle = self.tell_beside(plugin, bundle)?;
        let (sink, mut emissions) = mpsc::channel::<Vec<Emission>>(BATCHES);
        // Takes the receiver along, so that the plugin is stopped when it emits too much.
        let collect = async move {
            let (mut all, mut bytes) = (Vec::new(), 0_usize);
            while let Some(batch) = emissions.recv().await {
                bytes = batch.iter().map(Emission::bytes).fold(bytes, usize::saturating_add);
                if bytes > limit_bytes {
                    return None;
                }
                all.push(batch);
            }
            Some(all)
        };
        let (end, all) = tokio::join!(self.plugins.import(plugin, bundle, sink), collect);
        match all {
            Some(all) => end.map(|_| Some(all)).map_err(of_plugin),
            None => Ok(None),
        }
    }
}

/// What a plugin's fault means for the file.
fn of_plugin(fault: PluginFault) -> Fault {
    match fault {
        PluginFault::Truncated(reason) => Fault::Truncated(reason),
        PluginFault::Refused(reason) => Fault::Refused(reason),
        PluginFault::Stopped => Fault::Later("the import was stopped".to_owned()),
        PluginFault::Unknown(_) | PluginFault::NotLoaded(_) | PluginFault::Worker(_) => Fault::Later(fault.to_string()),
        PluginFault::Crashed(_)
        | PluginFault::Failed(_)
        | PluginFault::OutOfMemory
        | PluginFault::Forbidden
        | PluginFault::TimedOut(_)
        | PluginFault::Flooded(_)
        | PluginFault::NoEnd(_)
        | PluginFault::LyingEnd(_)
        | PluginFault::Garbled(_)
        | PluginFault::SwitchedOff(_)
        | PluginFault::TooManyEntries(_) => Fault::Refused(fault.to_string()),
    }
}
