//! The contract's SQL rules, evaluated batch by batch.

use std::sync::Arc;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{DataType, SchemaRef},
};
use contract::dataset::DatasetContract;
use datafusion::{
    common::DFSchema,
    logical_expr::ExprSchemable,
    optimizer::simplify_expressions::{ExprSimplifier, SimplifyContext},
    physical_expr::PhysicalExpr,
    prelude::SessionContext,
};

use super::ValidateError;

/// The rules of one contract, planned once.
pub(super) struct Rules {
    dataset: String,
    rules: Vec<(String, Arc<dyn PhysicalExpr>)>,
}

impl Rules {
    pub(super) fn plan(
        contract: &DatasetContract,
        schema: &SchemaRef,
    ) -> Result<Self, ValidateError> {
        let context = SessionContext::new();
        let mut rules = Vec::new();
        for rule in &contract.rules {
            let failed = |message: String| ValidateError::Rule {
                dataset: contract.id.clone(),
                rule: rule.id.clone(),
                message,
            };
            let schema =
                DFSchema::try_from(schema.as_ref().clone()).map_err(|e| failed(e.to_string()))?;
            // As with SQL's CHECK, a condition that is unknown is met.
            let expression = context
                .parse_sql_expr(&rule.sql, &schema)
                .map_err(|e| failed(e.to_string()))?;
            let kind = expression.get_type(&schema);
            if !matches!(kind, Ok(DataType::Boolean | DataType::Null)) {
                return Err(failed("the rule must be true or false".to_owned()));
            }
            // Some functions, such as coalesce, exist only to be simplified into others.
            let shape = SimplifyContext::builder().with_schema(Arc::new(schema.clone()));
            let simplifier = ExprSimplifier::new(shape.build());
            let expression = simplifier
                .coerce(expression, &schema)
                .and_then(|expression| simplifier.simplify(expression))
                .and_then(|expression| context.create_physical_expr(expression, &schema))
                .map_err(|e| failed(e.to_string()))?;
            rules.push((rule.id.clone(), expression));
        }
        Ok(Self {
            dataset: contract.id.clone(),
            rules,
        })
    }

    /// For each row, the first rule that it breaks.
    pub(super) fn broken(&self, batch: &RecordBatch) -> Result<Vec<Option<usize>>, ValidateError> {
        let mut broken = vec![None; batch.num_rows()];
        for (at, (id, rule)) in self.rules.iter().enumerate() {
            // The library's message may quote a value.
            let result = rule
                .evaluate(batch)
                .and_then(|value| value.into_array(batch.num_rows()))
                .map_err(|_| ValidateError::Rule {
                    dataset: self.dataset.clone(),
                    rule: id.clone(),
                    message: "it fails on a value of some row: guard it, as with CASE or try_cast"
                        .to_owned(),
                })?;
            let Some(met) = result.as_boolean_opt() else {
                continue; // always unknown
            };
            for (row, first) in broken.iter_mut().enumerate() {
                if first.is_none() && met.is_valid(row) && !met.value(row) {
                    *first = Some(at);
                }
            }
        }
        Ok(broken)
    }
}
