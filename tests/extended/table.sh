# Tables, read by the engines that they are made for; called from `run`, whose functions it uses.
#
#   pyarrow, pandas, DuckDB   the table of answers, cell by cell against the JSON of `convert`
#   Spark (pyspark, Java)     the table of verdicts: score, rank, qualification and counts of every bid of `compare`
#
# KAIJISHO_SPARK_BIDS=10000 sets how many disclosures Spark compares (default 300), KAIJISHO_SPARK_MASTER where
# (default local[2]; local-cluster[2,1,1024] starts a master and two workers).

engines=python3
if ! "$engines" -c 'import pyarrow, pandas, duckdb' 2>/dev/null; then
  engines=$work/venv-engines/bin/python
  { python3 -m venv "$work/venv-engines" &&
    timeout 600 "$work/venv-engines/bin/pip" install --quiet pyarrow pandas duckdb; } >"$work/pip-engines.log" 2>&1
fi
if "$engines" -c 'import pyarrow, pandas, duckdb' 2>/dev/null; then
  check "export: all sheets as one table" kaijisho export "${sheets[@]}" -o "$work/answers.parquet"
  check "pyarrow, pandas, DuckDB: the table says what the JSON says" "$engines" tests/extended/table.py "$work/answers.parquet" "$bin" "${sheets[@]}"
  check "pyarrow: the table of other sheets is noticed" refused "$engines" tests/extended/table.py "$work/answers.parquet" "$bin" "${sheets[0]}"
else
  skip "pyarrow, pandas, DuckDB" 3
fi

spark=python3
have java || apt default-jre-headless
if ! "$spark" -c 'import pyspark' 2>/dev/null; then
  spark=$work/venv-spark/bin/python
  { python3 -m venv "$work/venv-spark" &&
    timeout 900 "$work/venv-spark/bin/pip" install --quiet pyspark; } >"$work/pip-spark.log" 2>&1
fi
if have java && "$spark" -c 'import pyspark' 2>/dev/null; then
  check "Spark: comes to what compare says of every bid, to the last digit" "$spark" tests/extended/spark.py "$bin" "${KAIJISHO_SPARK_BIDS:-300}" "${KAIJISHO_SPARK_MASTER:-local[2]}"
else
  skip "Spark" 1
fi
