//! What AWS's Serverless Application Model writes into templates: its policy templates and its connectors.
//!
//! In the texts of its statements `${Name}` stands for a value: a parameter of the policy template, `Source.Arn` and the
//! like for a connector, `AWS::Region` and other pseudo parameters.

use crate::blob::{self, Table, tables};

/// A policy template: a policy that SAM writes for a name and some values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PolicyTemplate(pub(crate) u32);

/// A statement that SAM writes. Its effect is `Allow`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SamStatement(u32);

/// What SAM writes for a connector from one type of resources to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SamConnector(u32);

/// The policy that a connector makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SamConnectorKind {
    /// A managed policy for the role of one of the ends.
    Role,
    /// The policy of the queue that is one of the ends.
    Queue,
    /// The policy of the topic that is one of the ends.
    Topic,
    /// A statement in the policy of the function that is one of the ends.
    Function,
}

/// How connectors know things of a resource of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SamConnected(u32);

impl PolicyTemplate {
    /// Its name: `S3ReadPolicy`.
    pub fn name(self) -> &'static str {
        blob::text(tables::SAM_TEMPLATES.get(self.0, 0))
    }

    /// The names of its parameters. It needs a value for each.
    pub fn parameters(self) -> impl DoubleEndedIterator<Item = &'static str> + ExactSizeIterator {
        strings(tables::SAM_TEMPLATES, self.0, 1)
    }

    /// The statements that it makes.
    pub fn statements(self) -> impl ExactSizeIterator<Item = SamStatement> {
        statements(tables::SAM_TEMPLATES, self.0, 2)
    }
}

impl SamStatement {
    /// Its actions.
    pub fn actions(self) -> impl DoubleEndedIterator<Item = &'static str> + ExactSizeIterator {
        strings(tables::SAM_STATEMENTS, self.0, 0)
    }

    /// Its resources.
    pub fn resources(self) -> impl DoubleEndedIterator<Item = &'static str> + ExactSizeIterator {
        strings(tables::SAM_STATEMENTS, self.0, 1)
    }

    /// Its conditions: operator, key and value.
    pub fn tests(self) -> impl Iterator<Item = [&'static str; 3]> {
        let mut cells = strings(tables::SAM_STATEMENTS, self.0, 2);
        std::iter::from_fn(move || Some([cells.next()?, cells.next()?, cells.next()?]))
    }

    /// The service that is its principal, in the policy of a resource.
    pub fn principal(self) -> Option<&'static str> {
        tables::SAM_STATEMENTS.optional(self.0, 3).map(blob::text)
    }
}

impl SamConnector {
    /// The policy that it makes.
    pub fn kind(self) -> SamConnectorKind {
        match tables::SAM_CONNECTORS.get(self.0, 1) {
            0 => SamConnectorKind::Role,
            1 => SamConnectorKind::Queue,
            2 => SamConnectorKind::Topic,
            _ => SamConnectorKind::Function,
        }
    }

    /// Whether the policy is one of the source (or of its role), not of the destination.
    pub fn is_of_source(self) -> bool {
        tables::SAM_CONNECTORS.get(self.0, 2) == 1
    }

    /// The permissions that it can give (`Read`, `Write`), each with its statements.
    pub fn permissions(self) -> impl ExactSizeIterator<Item = (&'static str, Vec<SamStatement>)> {
        let table = tables::SAM_ACCESS;
        let rows = tables::SAM_CONNECTORS.get(self.0, 3)..tables::SAM_CONNECTORS.get(self.0, 4);
        rows.map(move |row| {
            (
                blob::text(table.get(row, 0)),
                statements(table, row, 1).collect(),
            )
        })
    }
}

impl SamConnected {
    /// The property that names the role of a resource of this type; `Targets/RoleArn` for that of a rule's target.
    pub fn role_property(self) -> Option<&'static str> {
        self.cell(1)
    }

    /// How to know a thing of a resource, by its name in texts (`Arn`, `ResourceId`, `Name`, `Qualifier`): `Ref`, an
    /// attribute for `Fn::GetAtt`, or `*`, which is the thing itself.
    pub fn output(self, name: &str) -> Option<&'static str> {
        self.cell(match name {
            "Arn" => 2,
            "ResourceId" => 3,
            "QueueUrl" => 4,
            "Name" => 5,
            "Qualifier" => 6,
            _ => return None,
        })
    }

    fn cell(self, column: u32) -> Option<&'static str> {
        tables::SAM_TYPES.optional(self.0, column).map(blob::text)
    }
}

/// The policy template of this name; names are compared as they are.
pub(crate) fn template(name: &str) -> Option<PolicyTemplate> {
    let row = blob::find(tables::SAM_TEMPLATES, 0, name).map(PolicyTemplate)?;
    (row.name() == name).then_some(row)
}

pub(crate) fn templates() -> impl DoubleEndedIterator<Item = PolicyTemplate> + ExactSizeIterator {
    (0..tables::SAM_TEMPLATES.rows()).map(PolicyTemplate)
}

pub(crate) fn connector(source: &str, destination: &str) -> Option<SamConnector> {
    blob::find(
        tables::SAM_CONNECTORS,
        0,
        &format!("{source} {destination}"),
    )
    .map(SamConnector)
}

pub(crate) fn connected(type_name: &str) -> Option<SamConnected> {
    blob::find(tables::SAM_TYPES, 0, type_name).map(SamConnected)
}

fn strings(
    table: Table,
    row: u32,
    column: u32,
) -> impl DoubleEndedIterator<Item = &'static str> + ExactSizeIterator {
    blob::list(table.get(row, column)).map(blob::text)
}

/// The statements between the numbers in two columns that stand side by side.
fn statements(
    table: Table,
    row: u32,
    column: u32,
) -> std::iter::Map<std::ops::Range<u32>, fn(u32) -> SamStatement> {
    (table.get(row, column)..table.get(row, column + 1)).map(SamStatement)
}
