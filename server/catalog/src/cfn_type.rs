//! CloudFormation resource types and what it takes to deploy them.

use crate::blob::{self, tables};
use crate::{Action, ResourceType};

/// A CloudFormation resource type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CfnType(pub(crate) u32);

/// What CloudFormation does with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Handler {
    Create,
    Read,
    Update,
    Delete,
    List,
}

/// What `Ref` gives for a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RefReturns {
    /// The resource's name, as its name property sets it.
    Name,
    /// Its ARN.
    Arn,
    /// A URL (SQS queues).
    Url,
    /// An identifier that AWS makes up at creation, or several joined by `|`; surely no ARN.
    Id,
}

impl Handler {
    /// All handlers.
    pub const ALL: [Self; 5] = [
        Self::Create,
        Self::Read,
        Self::Update,
        Self::Delete,
        Self::List,
    ];
}

/// Whether a resource type is one of IAM's: `AWS::IAM::Role`.
pub fn is_type_of_iam(type_name: &str) -> bool {
    type_name.starts_with("AWS::IAM::")
}

impl CfnType {
    /// Its name: `AWS::S3::Bucket`.
    pub fn name(self) -> &'static str {
        blob::text(tables::CFN_TYPES.get(self.0, 0))
    }

    /// The actions that a handler may need, over every property that a template may set. `None`: not known (the type's
    /// schema has no such handler); an empty list: none needed.
    pub fn handler(
        self,
        handler: Handler,
    ) -> Option<impl DoubleEndedIterator<Item = Action> + ExactSizeIterator + use<>> {
        tables::CFN_TYPES
            .optional(self.0, 1 + handler as u32)
            .map(|list| blob::list(list).map(Action))
    }

    /// The properties that together identify a resource, as paths: `BucketName`, `Endpoint/Address`.
    pub fn primary_identifier(
        self,
    ) -> impl DoubleEndedIterator<Item = &'static str> + ExactSizeIterator + use<> {
        blob::list(tables::CFN_TYPES.get(self.0, 6)).map(blob::text)
    }

    /// The ARN of a resource of this type, with placeholders in IAM's form: `${Partition}`, `${Region}`, `${Account}`
    /// and those of the resource itself (`arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}`).
    ///
    /// A placeholder with the name of a property stands for that property's value. `${XWithPath}` is the property `Path`
    /// less its first slash (nothing where it isn't set) and the property `X`; `${NameWithoutLeadingSlash}` is `Name`
    /// less a slash at its start. Any other stands for something that AWS makes up, never for the name. `?` and `*`
    /// are wildcards for what AWS adds (`…:secret:${Name}-??????`).
    pub fn arn_template(self) -> Option<&'static str> {
        tables::CFN_TYPES.optional(self.0, 7).map(blob::text)
    }

    /// The property that names the resource: `FunctionName`. The ARN holds that name only where
    /// [`arn_template`](Self::arn_template) has a placeholder for it.
    pub fn name_property(self) -> Option<&'static str> {
        tables::CFN_TYPES.optional(self.0, 8).map(blob::text)
    }

    /// What `Ref` gives; `None` where that isn't known.
    pub fn ref_returns(self) -> Option<RefReturns> {
        match tables::CFN_TYPES.get(self.0, 9) {
            0 => Some(RefReturns::Name),
            1 => Some(RefReturns::Arn),
            2 => Some(RefReturns::Url),
            3 => Some(RefReturns::Id),
            _ => None,
        }
    }

    /// The attribute that `Fn::GetAtt` gives the resource's ARN by: `Arn`, `DBInstanceArn`. `None` where the type has none.
    pub fn arn_attribute(self) -> Option<&'static str> {
        tables::CFN_TYPES.optional(self.0, 11).map(blob::text)
    }

    /// Whether it surely has no attribute `Arn`, so that CloudFormation refuses `!GetAtt X.Arn`.
    pub fn lacks_arn(self) -> bool {
        tables::CFN_TYPES.get(self.0, 12) == 1 || self.arn_attribute().is_some_and(|of| of != "Arn")
    }

    /// The IAM resource type that this type is.
    pub fn resource_type(self) -> Option<ResourceType> {
        tables::CFN_TYPES.optional(self.0, 10).map(ResourceType)
    }
}
