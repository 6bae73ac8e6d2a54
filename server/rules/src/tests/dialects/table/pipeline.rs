//! What a CI pipeline does with AWS.

use super::super::row::{FIX, Job, ROW, Row, RowFix, RowPolicy};
use super::{NO_PIPELINE, NO_POLICY};

pub const ROWS: &[Row] = &[
    Row {
        rule: "long-lived-key",
        policy: RowPolicy::Job(Job {
            role: "",
            key: true,
            admits: "acme/shop",
        }),
        messages: &["This key doesn't expire"],
        except: &[NO_PIPELINE],
        ..ROW
    },
    Row {
        rule: "role-not-assumable",
        policy: RowPolicy::Job(Job {
            role: "arn:aws:iam::111111111111:role/⟦shop-deployer⟧",
            key: false,
            admits: "acme/other",
        }),
        messages: &["The trust policy of `Deployer` in roles.yaml doesn't allow this job"],
        except: &[NO_PIPELINE],
        ..ROW
    },
    Row {
        rule: "stored-secret-key",
        policy: RowPolicy::Identity(
            "{Effect: Allow, Action: ['iam:GetAccessKeyLastUsed', 'iam:UpdateAccessKey'], Resource: arn:aws:iam::<account>:user/<prefix>-ci}",
        ),
        except: &[NO_POLICY],
        ..ROW
    },
    Row {
        rule: "unknown-role",
        policy: RowPolicy::Job(Job {
            role: "arn:aws:iam::111111111111:role/⟦shop-deplyoer⟧",
            key: false,
            admits: "acme/shop",
        }),
        messages: &[
            "The workspace declares no role `shop-deplyoer`: the job can't get credentials",
        ],
        fixes: &[RowFix {
            title: "Replace with shop-deployer",
            after: "arn:aws:iam::111111111111:role/shop-deployer",
            ..FIX
        }],
        except: &[NO_PIPELINE],
        ..ROW
    },
];
