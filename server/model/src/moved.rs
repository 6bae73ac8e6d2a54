//! What was found in a file, moved along with what is typed into one of its scalars: all its nodes are the same, and what lies
//! behind has moved.

use leastwise_syntax::trace::Traced;
use leastwise_syntax::{Retyped, Tree};

use crate::policy::{Item, Known, List, Policy, Principals, Statement};
use crate::site::{Attached, Bound, BoundBy, LookUp, Owner};
use crate::text::{Part, Text};

impl Part {
    fn follow(&mut self, edit: &Retyped) {
        match self {
            Part::Literal { .. } => {}
            Part::Given { span, .. }
            | Part::Variable { span, .. }
            | Part::Attribute { span, .. }
            | Part::Expression { span, .. }
            | Part::Mark { span, .. }
            | Part::Computed { span, .. } => edit.shift(span),
        }
    }
}

impl Text {
    fn follow(&mut self, edit: &Retyped) {
        edit.shift(&mut self.span);
        self.parts.iter_mut().for_each(|part| part.follow(edit));
    }
}

impl Item {
    fn follow(&mut self, edit: &Retyped) {
        self.text.follow(edit);
        self.resolved = Traced::default();
    }
}

impl<T> Known<T> {
    fn and_follow(&mut self, follow: impl FnOnce(&mut T)) {
        if let Known::Is(known) = self {
            follow(known);
        }
    }
}

impl List {
    fn follow(&mut self, edit: &Retyped) {
        self.items.iter_mut().for_each(|item| item.follow(edit));
    }
}

impl Principals {
    fn follow(&mut self, edit: &Retyped) {
        for kind in &mut self.kinds {
            kind.values.and_follow(|list| list.follow(edit));
        }
    }
}

impl Statement {
    fn follow(&mut self, edit: &Retyped) {
        edit.shift(&mut self.span);
        self.sid.and_follow(|sid| sid.follow(edit));
        let lists = [
            &mut self.action,
            &mut self.not_action,
            &mut self.resource,
            &mut self.not_resource,
        ];
        for list in lists {
            list.and_follow(|list| list.follow(edit));
        }
        for principals in [&mut self.principal, &mut self.not_principal] {
            principals.and_follow(|principals| principals.follow(edit));
        }
        self.condition.and_follow(|tests| {
            for test in tests {
                test.values.and_follow(|list| list.follow(edit));
            }
        });
    }
}

impl Policy {
    pub(crate) fn follow(&mut self, edit: &Retyped) {
        edit.shift(&mut self.span);
        self.version.and_follow(|text| text.follow(edit));
        self.id.and_follow(|text| text.follow(edit));
        for statement in &mut self.statements {
            statement.follow(edit);
        }
    }
}

impl Owner {
    /// Moves it. `tree` is as the edit has left it.
    pub fn follow(&mut self, tree: &Tree, edit: &Retyped) {
        if let Some(declared) = &mut self.declared {
            edit.shift(declared);
        }
        for Attached { arn, .. } in &mut self.attached {
            arn.follow(edit);
        }
        for Bound { by, .. } in &mut self.bounds {
            match by {
                BoundBy::Arn(text) => text.follow(edit),
                BoundBy::Policy(_) | BoundBy::Nothing => {}
            }
        }
        for generated in &mut self.generated {
            generated.policy.follow(edit);
        }
        if let Some(site) = &mut self.permission {
            site.follow(tree, edit);
        }
        match &mut self.looks_up {
            Some(LookUp::Arn(text) | LookUp::Name(text)) => text.follow(edit),
            None => {}
        }
    }
}
