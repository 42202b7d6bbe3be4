# The workbook of `checklist` and the forms for vendors: sourced by `run` where openpyxl and LibreOffice are there.
# reports.sh has made them; csv and office are LibreOffice's, judge runs a script of this folder.

check "openpyxl: the workbook of the checklist" judge checklist book "$work/checklist.xlsx" "$work/checklist.json"
check "openpyxl: another checklist is noticed" refused judge checklist book "$work/vendors/01-minato.xlsx" "$work/checklist.json"
if have soffice; then
  check "LibreOffice: opens the workbook of the checklist" csv "$work/checklist.xlsx"
  check "LibreOffice: every item and system is in it" judge checklist told "$work/csv-checklist" "$work/checklist.json"
  check "LibreOffice: saves it" office xlsx 'Calc MS Excel 2007 XML' "$work/checklist.xlsx" "$work/saved-checklist"
  check "openpyxl: its sheets and filters are the same" judge checklist saved "$work/saved-checklist/checklist.xlsx" "$work/checklist.json"
  for form in "$work"/vendors/*.xlsx; do
    check "LibreOffice: opens the form $(basename "$form")" csv "$form"
  done
else
  skip "LibreOffice on the checklist" 9
fi
for form in "$work"/vendors/*.xlsx; do
  check "openpyxl: $(basename "$form") names no folder of the facility" judge checklist vendor "$form" "$work/checklist.json"
done
