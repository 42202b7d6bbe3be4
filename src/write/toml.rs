//! stub
use crate::disclosure::Disclosure;
use crate::error::Result;
use crate::language::Language;
pub(super) fn write(_d: &[Disclosure], _o: &super::Origin<'_>, _l: Language) -> Result<Vec<u8>> {
    Ok(Vec::new())
}
