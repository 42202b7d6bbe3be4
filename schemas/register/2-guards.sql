-- Guards: history is not changed by a slip or by a tool that does not know better.
--
-- They are no proof: whoever may write the file may drop them. The proof is the chain of hashes in `log`, and
-- its last hash written down elsewhere (`register verify --head`).
CREATE TRIGGER log_no_update BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER log_no_delete BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER object_no_update BEFORE UPDATE ON object
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER object_no_delete BEFORE DELETE ON object
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER facility_no_update BEFORE UPDATE ON facility
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER facility_no_delete BEFORE DELETE ON facility
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER form_file_no_update BEFORE UPDATE ON form_file
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER form_file_no_delete BEFORE DELETE ON form_file
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER vendor_no_update BEFORE UPDATE ON vendor
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER vendor_no_delete BEFORE DELETE ON vendor
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER contact_no_update BEFORE UPDATE ON contact
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER contact_no_delete BEFORE DELETE ON contact
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER system_no_update BEFORE UPDATE ON system
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER system_no_delete BEFORE DELETE ON system
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER device_no_update BEFORE UPDATE ON device
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER device_no_delete BEFORE DELETE ON device
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER received_no_update BEFORE UPDATE ON received
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER received_no_delete BEFORE DELETE ON received
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER disclosure_no_update BEFORE UPDATE ON disclosure
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER disclosure_no_delete BEFORE DELETE ON disclosure
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER finding_no_update BEFORE UPDATE ON finding
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER finding_no_delete BEFORE DELETE ON finding
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER assignment_no_update BEFORE UPDATE ON assignment
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER assignment_no_delete BEFORE DELETE ON assignment
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER request_no_update BEFORE UPDATE ON request
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER request_no_delete BEFORE DELETE ON request
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER exception_no_update BEFORE UPDATE ON exception
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER exception_no_delete BEFORE DELETE ON exception
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER assessment_no_update BEFORE UPDATE ON assessment
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER assessment_no_delete BEFORE DELETE ON assessment
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER verdict_no_update BEFORE UPDATE ON verdict
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER verdict_no_delete BEFORE DELETE ON verdict
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER waiver_no_update BEFORE UPDATE ON waiver
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER waiver_no_delete BEFORE DELETE ON waiver
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER risk_list_no_update BEFORE UPDATE ON risk_list
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER risk_list_no_delete BEFORE DELETE ON risk_list
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER risk_no_update BEFORE UPDATE ON risk
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER risk_no_delete BEFORE DELETE ON risk
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
