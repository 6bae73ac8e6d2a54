//! One owner's permissions against another's: 50 policies of 100 statements each, with every statement in another place,
//! and with one that is gone.

use divan::Bencher;
use leastwise_policy::grants::{
    Clause, ClauseId, Conditions, Entries, Grants, KeyTest, Question, Selection,
};
use leastwise_policy::{ActionPattern, Pattern};

fn main() {
    divan::main();
}

fn clause(policy: usize, at: usize) -> Clause {
    let actions = [
        "dynamodb:GetItem",
        "dynamodb:Put*",
        "dynamodb:Query",
        "dynamodb:*Item",
        "dynamodb:*",
    ];
    let own = actions.iter().cycle().skip(at).take(2);
    let table = format!("arn:aws:dynamodb:eu-west-1:111111111111:table/shop-{policy}-{at}-*");
    let team = Entries::of([Pattern::literal(&format!("team-{}", at % 7))]);
    let test = KeyTest::new(Some("StringEquals"), Some("aws:PrincipalTag/team"), team);
    Clause {
        id: ClauseId(at),
        actions: Selection::Only(Entries::of(own.map(|text| ActionPattern::parse(text)))),
        resources: Selection::Only(Entries::of([Pattern::literal(&table)])),
        conditions: Conditions {
            tests: Vec::from_iter(at.is_multiple_of(3).then_some(test)),
            open: false,
        },
        certain: true,
        guards: Vec::new(),
    }
}

fn owner(shift: usize, gone: usize) -> Grants {
    let policies = (0..50).map(|policy| {
        let places = (gone..100).map(|at| (at + shift) % 100);
        Grants::of(places.map(|at| clause(policy, at)))
    });
    policies.fold(Grants::default(), Grants::join)
}

#[divan::bench(args = [0, 1])]
fn against_itself(bencher: Bencher<'_, '_>, gone: usize) {
    bencher
        .with_inputs(|| (owner(0, 0), owner(37, gone)))
        .bench_refs(|(own, other)| own.beyond(other, &Question::default()).len());
}
