//! A map whose copies share what they have in common, so that one with a few other entries costs little.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Of how many parts a map is made. A change copies the part that it is in, where somebody else has that, too.
const PARTS: usize = 256;

/// The map. Without entries it has no parts.
pub(super) struct Shared<K, V> {
    parts: Vec<Arc<HashMap<K, V>>>,
}

impl<K, V> Default for Shared<K, V> {
    fn default() -> Self {
        Shared { parts: Vec::new() }
    }
}

impl<K, V> Clone for Shared<K, V> {
    fn clone(&self) -> Self {
        Shared {
            parts: self.parts.clone(),
        }
    }
}

fn part(key: &(impl Hash + ?Sized)) -> usize {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    usize::try_from(hasher.finish()).unwrap_or_default() % PARTS
}

impl<K: Hash + Eq + Clone, V: Clone> Shared<K, V> {
    pub(super) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.parts.get(part(key))?.get(key)
    }

    pub(super) fn len(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }

    /// All entries, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.parts.iter().flat_map(|part| part.iter())
    }

    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.own(part(&key))?.insert(key, value)
    }

    pub(super) fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.get(key)?;
        self.own(part(key))?.remove(key)
    }

    /// The part of that number for changing it.
    fn own(&mut self, at: usize) -> Option<&mut HashMap<K, V>> {
        self.parts.resize_with(PARTS, Arc::default);
        self.parts.get_mut(at).map(Arc::make_mut)
    }
}

/// What several files say under one key, in the order of their places.
pub(super) type Lists<K, T> = Shared<K, Vec<Arc<T>>>;

/// Something that a file of an index says.
pub(super) trait OfFile {
    fn place(&self) -> &std::path::Path;
}

impl<K: Hash + Eq + Clone, T: OfFile> Lists<K, T> {
    /// What is said under a key.
    pub(super) fn all<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> &[Arc<T>]
    where
        K: Borrow<Q>,
    {
        self.get(key).map_or(&[], Vec::as_slice)
    }

    /// Enters what a file says that says nothing under that key yet.
    pub(super) fn enter(&mut self, key: K, said: &Arc<T>) {
        let Some(part) = self.own(part(&key)) else {
            return;
        };
        let list = part.entry(key).or_default();
        let at = list.partition_point(|other| other.place() < said.place());
        list.insert(at, Arc::clone(said));
    }

    /// Takes out what a file says.
    pub(super) fn leave<Q: Hash + Eq + ?Sized>(&mut self, key: &Q, said: &T)
    where
        K: Borrow<Q>,
    {
        let Some(part) = self.own(part(key)) else {
            return;
        };
        let Some(list) = part.get_mut(key) else {
            return;
        };
        list.retain(|other| other.place() != said.place());
        if list.is_empty() {
            part.remove(key);
        }
    }
}
