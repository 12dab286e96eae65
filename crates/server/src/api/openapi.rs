//! The description of the API for programs (OpenAPI 3.1).

use std::sync::Arc;

use super::answer::Answer;
use crate::asked::Asked;
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::server::Server;

/// The description as it is kept.
pub const OPENAPI: &str = include_str!("openapi.json");

/// `GET /api/openapi.json`: anybody may read it.
pub async fn openapi(_: Arc<Server>, asked: Asked, _: Words) -> Result<Reply, Refusal> {
    Ok(Answer::of_bytes(OPENAPI.as_bytes().to_vec()).read_by(&asked))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::routes::routes;

    fn description() -> Value {
        serde_json::from_str(OPENAPI).unwrap()
    }

    #[test]
    fn it_describes_each_route_and_no_other() {
        let description = description();
        let mut described = BTreeSet::new();
        for (path, item) in description["paths"].as_object().unwrap() {
            let pattern = path.replace("{notebook}", "NOTEBOOK").replace("{id}", "ID");
            for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
                described.insert(format!("{} {pattern}", method.to_uppercase()));
            }
        }
        let of_api = |pattern: &str| pattern.starts_with("/api/") || pattern.starts_with("/NOTEBOOK/api/");
        let routes = routes();
        let served: BTreeSet<String> = routes
            .iter()
            .filter(|route| of_api(route.pattern))
            .map(|route| format!("{} {}", route.method, route.pattern))
            .collect();
        assert_eq!(described, served, "openapi.json (left) and the routes (right)");
    }

    #[test]
    fn all_that_it_refers_to_is_there_and_all_that_is_there_is_referred_to() {
        fn references<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
            match value {
                Value::Object(items) => {
                    found.extend(items.get("$ref").and_then(Value::as_str));
                    items.values().for_each(|item| references(item, found));
                }
                Value::Array(items) => items.iter().for_each(|item| references(item, found)),
                _ => {}
            }
        }
        let description = description();
        let mut found = BTreeSet::new();
        references(&description, &mut found);
        assert!(found.len() > 40, "did this test read the description?");
        for reference in &found {
            let there = description.pointer(reference.strip_prefix('#').unwrap());
            assert!(there.is_some(), "{reference} is not there");
        }
        for kind in ["parameters", "headers", "responses", "schemas"] {
            for name in description["components"][kind].as_object().unwrap().keys() {
                let reference = format!("#/components/{kind}/{name}");
                assert!(found.contains(reference.as_str()), "nobody refers to {reference}");
            }
        }
    }

    #[test]
    fn bodies_are_described_to_their_last_field() {
        let description = description();
        for name in ["Log", "Next", "Promise", "Stage", "New", "Text"] {
            let schema = &description["components"]["schemas"][name];
            assert_eq!(schema["additionalProperties"], false, "{name}");
        }
    }
}
