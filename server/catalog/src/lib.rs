//! What AWS has: services, actions, resource types, condition keys, CloudFormation types, managed policies.
//!
//! All facts are embedded as one string table and a few tables of numbers that `build.rs` writes. A handle
//! ([`Action`], [`Service`] …) is a row number: copying it is free, and nothing is decoded or allocated before the
//! first look-up. Names are compared as IAM does, without regard to ASCII case.

mod access_level;
mod action;
mod api_operation;
mod belonging;
mod blob;
mod cfn_type;
mod chosen_name;
mod companion;
mod condition_key;
mod correction;
mod counterpart;
mod curated;
pub mod describe;
mod entry;
mod key_fact;
pub mod limits;
mod main_type;
mod managed_policy;
mod matching;
mod name_form;
mod resource_type;
mod retired;
mod sam;
mod sentence;
mod service;
mod suggest;
pub mod typo;

pub use access_level::AccessLevel;
pub use action::{Action, ActionResource};
pub use api_operation::ApiOperation;
pub use belonging::{Below, ForeignBelonging};
pub use cfn_type::{CfnType, Handler, RefReturns, is_type_of_iam};
pub use condition_key::{ConditionKey, ValueType};
pub use correction::{Corrected, Correction, NamedElsewhere};
pub use counterpart::{Counterpart, CounterpartSource, Relation};
pub use entry::{Catalog, catalog};
pub use key_fact::KeyFact;
pub use main_type::MainType;
pub use managed_policy::ManagedPolicy;
pub use matching::wildcard_matches;
pub use name_form::NameForm;
pub use resource_type::ResourceType;
pub use retired::Retired;
pub use sam::{PolicyTemplate, SamConnected, SamConnector, SamConnectorKind, SamStatement};
pub use service::Service;

use blob::tables;

impl Catalog {
    /// The day of the newest source package that the facts were taken from, as `2026-10-27`.
    pub fn date(self) -> &'static str {
        blob::text(tables::META.get(0, 0))
    }

    /// Every service, in the order of their prefixes.
    pub fn services(self) -> impl DoubleEndedIterator<Item = Service> + ExactSizeIterator + use<> {
        (0..tables::SERVICES.rows()).map(Service)
    }

    /// The service with this IAM prefix (`s3`, `LAMBDA`), without regard to case.
    pub fn service(self, prefix: &str) -> Option<Service> {
        blob::find(tables::SERVICES, 0, prefix).map(Service)
    }

    /// Every action of every service, in the order of their full names.
    pub fn actions(self) -> impl DoubleEndedIterator<Item = Action> + ExactSizeIterator + use<> {
        (0..tables::ACTIONS.rows()).map(Action)
    }

    /// The action `service:name`, without regard to case. Wildcards aren't expanded.
    pub fn action(self, service: &str, name: &str) -> Option<Action> {
        self.service(service)?.action(name)
    }

    /// The actions that `service:name` stands for in a policy, where both parts may hold `*` and `?`; in the order of
    /// their full names. Without regard to case.
    pub fn actions_matching(
        self,
        service: &str,
        name: &str,
    ) -> impl Iterator<Item = Action> + use<> {
        matching::actions_matching(self, service, name)
    }

    /// The actions that `service:name` was probably meant to be, nearest first; none when nothing is near.
    pub fn suggest_actions(self, service: &str, name: &str, max: usize) -> Vec<Action> {
        suggest::actions(self, service, name, max)
    }

    /// The services that `prefix` was probably meant to be, nearest first; none when nothing is near.
    pub fn suggest_services(self, prefix: &str, max: usize) -> Vec<Service> {
        suggest::services(self, prefix, max)
    }

    /// The resource type `name` (`bucket`) of a service (`s3`).
    pub fn resource_type(self, service: &str, name: &str) -> Option<ResourceType> {
        self.service(service)?.resource_type(name)
    }

    /// Every resource type of every service, in the order of services and names.
    pub fn resource_types(
        self,
    ) -> impl DoubleEndedIterator<Item = ResourceType> + ExactSizeIterator + use<> {
        (0..tables::RESOURCE_TYPES.rows()).map(ResourceType)
    }

    /// The resource types whose ARN formats `arn` fits, the nearest first. `arn` may hold wildcards and `${…}`.
    pub fn resource_types_of(self, arn: &str) -> Vec<ResourceType> {
        describe::resource_types_of(arn)
    }

    /// The condition key that `name` is: `s3:prefix`, `aws:SourceArn`, or `aws:RequestTag/team`, which is the key
    /// `aws:RequestTag/${TagKey}`. Without regard to case.
    pub fn condition_key(self, name: &str) -> Option<ConditionKey> {
        condition_key::find(name)
    }

    /// The condition keys that `name` was probably meant to be, as they are written, nearest first; none when nothing is
    /// near.
    pub fn suggest_condition_keys(self, name: &str, max: usize) -> Vec<String> {
        suggest::condition_keys(self, name, max)
    }

    /// Every condition key, in the order of their names.
    pub fn condition_keys(
        self,
    ) -> impl DoubleEndedIterator<Item = ConditionKey> + ExactSizeIterator + use<> {
        (0..tables::CONDITION_KEYS.rows()).map(ConditionKey)
    }

    /// The condition keys that hold for every service (`aws:…`).
    pub fn global_condition_keys(self) -> impl Iterator<Item = ConditionKey> + use<> {
        self.condition_keys().filter(|key| key.global())
    }

    /// What became of a service that AWS once had (`iotevents`). `None` for those it has, and for those it never had.
    pub fn retired_service(self, prefix: &str) -> Option<Retired> {
        retired::service(prefix)
    }

    /// What became of an action that AWS once had. Every action of a retired service is retired.
    pub fn retired_action(self, service: &str, name: &str) -> Option<Retired> {
        retired::action(service, name)
    }

    /// ARNs that actions and resource types take beside what AWS's table says, each with AWS's page.
    pub fn corrections(
        self,
    ) -> impl DoubleEndedIterator<Item = Correction> + ExactSizeIterator + use<> {
        correction::all()
    }

    /// Where AWS names an action `service:name` that its table doesn't list: on another page, in a policy of its own.
    pub fn action_named_elsewhere(self, service: &str, name: &str) -> Option<NamedElsewhere> {
        correction::action_named_elsewhere(&format!("{service}:{name}"))
    }

    /// Where AWS names actions with this prefix, where no service in its table has it.
    pub fn service_named_elsewhere(self, prefix: &str) -> Option<NamedElsewhere> {
        correction::service_named_elsewhere(prefix)
    }

    /// An operation of an AWS API that is no IAM action, with the actions it needs instead: `s3:ListObjectsV2`.
    pub fn api_operation(self, service: &str, operation: &str) -> Option<ApiOperation> {
        api_operation::find(service, operation)
    }

    /// Every operation that [`Catalog::api_operation`] knows.
    pub fn api_operations(self) -> impl ExactSizeIterator<Item = ApiOperation> + use<> {
        (0..tables::API_OPERATIONS.rows()).map(ApiOperation)
    }

    /// The CloudFormation resource type of this name (`AWS::S3::Bucket`), without regard to case.
    pub fn cfn_type(self, name: &str) -> Option<CfnType> {
        blob::find(tables::CFN_TYPES, 0, name).map(CfnType)
    }

    /// Every CloudFormation resource type, in the order of their names.
    pub fn cfn_types(self) -> impl DoubleEndedIterator<Item = CfnType> + ExactSizeIterator + use<> {
        (0..tables::CFN_TYPES.rows()).map(CfnType)
    }

    /// The AWS managed policy with this name (`ReadOnlyAccess`) or ARN. ARNs of other partitions (`aws-cn`,
    /// `aws-us-gov`) name the same policy.
    pub fn managed_policy(self, name_or_arn: &str) -> Option<ManagedPolicy> {
        managed_policy::find(name_or_arn)
    }

    /// Every AWS managed policy, in the order of their names.
    pub fn managed_policies(
        self,
    ) -> impl DoubleEndedIterator<Item = ManagedPolicy> + ExactSizeIterator + use<> {
        (0..tables::MANAGED_POLICIES.rows()).map(ManagedPolicy)
    }

    /// The AWS managed policies whose names are nearest to one that isn't known; none when nothing is near.
    pub fn suggest_managed_policies(self, name: &str, max: usize) -> Vec<ManagedPolicy> {
        suggest::managed_policies(self, name, max)
    }

    /// SAM's policy template of this name (`S3ReadPolicy`); case counts.
    pub fn policy_template(self, name: &str) -> Option<PolicyTemplate> {
        sam::template(name)
    }

    /// Every policy template of SAM, in the order of their names.
    pub fn policy_templates(
        self,
    ) -> impl DoubleEndedIterator<Item = PolicyTemplate> + ExactSizeIterator + use<> {
        sam::templates()
    }

    /// SAM's policy templates whose names are nearest to one that isn't known, the best first.
    pub fn suggest_policy_templates(self, name: &str, max: usize) -> Vec<PolicyTemplate> {
        suggest::policy_templates(name, max)
    }

    /// What SAM makes for a connector between resources of these CloudFormation types.
    pub fn sam_connector(self, source: &str, destination: &str) -> Option<SamConnector> {
        sam::connector(source, destination)
    }

    /// How SAM's connectors know things of resources of this CloudFormation type.
    pub fn sam_connected(self, type_name: &str) -> Option<SamConnected> {
        sam::connected(type_name)
    }

    /// Every service principal (`lambda.amazonaws.com`), sorted.
    pub fn service_principals(
        self,
    ) -> impl DoubleEndedIterator<Item = &'static str> + ExactSizeIterator + use<> {
        (0..tables::PRINCIPALS.rows()).map(|row| blob::text(tables::PRINCIPALS.get(row, 0)))
    }

    /// Whether `name` is a service principal that AWS has.
    pub fn is_service_principal(self, name: &str) -> bool {
        blob::find(tables::PRINCIPALS, 0, name).is_some()
    }
}
