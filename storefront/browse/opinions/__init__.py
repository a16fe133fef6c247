"""What buyers say: reviews of what they received, questions before they buy, reports of what should not stand."""
