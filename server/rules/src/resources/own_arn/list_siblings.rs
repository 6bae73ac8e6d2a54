//! What stands in the same list, so that an ARN isn't written a second time.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use leastwise_model::Item;
use leastwise_policy::Pattern;
use leastwise_syntax::NodeId;

use super::{misnamed, values};
use crate::Context;

/// The items of an element, by what they stand for.
pub(in super::super) struct ListSiblings<'a> {
    context: &'a Context<'a>,
    items: &'a [Item],
    /// Worked out once something is asked: for each value the lists that it stands in.
    lists: OnceCell<HashMap<Vec<Pattern>, HashSet<NodeId>>>,
    /// What is to be written in which list.
    planned: RefCell<HashSet<(NodeId, Vec<Pattern>)>>,
}

impl<'a> ListSiblings<'a> {
    pub(in super::super) fn new(context: &'a Context<'a>, items: &'a [Item]) -> ListSiblings<'a> {
        ListSiblings {
            context,
            items,
            lists: OnceCell::new(),
            planned: RefCell::default(),
        }
    }

    /// Whether another item of a faulty one's list stands for these ARNs, as it is.
    pub(in super::super) fn says(&self, faulty: &Item, arns: &[Pattern]) -> bool {
        if arns.is_empty() || self.items.len() < 2 || !self.is_in_list(faulty) {
            return false;
        }
        let lists = self.lists.get_or_init(|| self.lists());
        let stands_in = lists.get(arns);
        stands_in.is_some_and(|lists| lists.contains(&faulty.list))
    }

    /// Whether it is the first faulty item of its list that is to stand for these ARNs; of the others none has to.
    pub(in super::super) fn is_first(&self, faulty: &Item, arns: &[Pattern]) -> bool {
        let planned = (faulty.list, arns.to_vec());
        arns.is_empty() || !self.is_in_list(faulty) || self.planned.borrow_mut().insert(planned)
    }

    fn lists(&self) -> HashMap<Vec<Pattern>, HashSet<NodeId>> {
        let mut lists: HashMap<_, HashSet<NodeId>> = HashMap::new();
        for item in self.items.iter().filter(|item| self.is_in_list(item)) {
            // An attribute that there isn't is worked out to the ARN that is meant.
            if misnamed(self.context, item).is_none() {
                let values = values(self.context, &item.text);
                lists.entry(values).or_default().insert(item.list);
            }
        }
        lists
    }

    /// Whether an item stands in its list by itself, in no function that may leave it out.
    fn is_in_list(&self, item: &Item) -> bool {
        let tree = self.context.tree;
        tree.parent(item.node) == Some(item.list) && tree.items(item.list).is_some()
    }
}
