//! Rows in memory, where no store is wanted: in tests, and to measure a book by itself.

use std::collections::BTreeMap;
use std::convert::Infallible;

use crate::fold::Rows;
use crate::row::{Row, RowNo};

/// Rows in memory, by their number.
#[derive(Debug, Default, Clone)]
pub struct InMemory(pub BTreeMap<RowNo, Row>);

impl Rows for InMemory {
    type Error = Infallible;

    fn row(&self, no: RowNo) -> Result<Option<Row>, Infallible> {
        Ok(self.0.get(&no).cloned())
    }

    fn put(&mut self, rows: &[(RowNo, Row)]) -> Result<(), Infallible> {
        self.0.extend(rows.iter().cloned());
        Ok(())
    }

    fn scan(&self, each: &mut dyn FnMut(RowNo, &Row)) -> Result<(), Infallible> {
        self.0.iter().for_each(|(no, row)| each(*no, row));
        Ok(())
    }
}
