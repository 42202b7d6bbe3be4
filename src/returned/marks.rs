//! How what this tool puts on a sender's sheet is known again: colours, the frame of a comment, the name of the list.
//!
//! The reader looks past all of it, so that a sheet that comes back is read as if it had never been marked.

/// What stands in a cell of the list, behind its label; the number is that of the list's shape.
pub(crate) const LIST_ID: &str = "kaijisho/return/1";

/// The line before what this tool says in a comment.
pub(crate) const COMMENT_START: &str = "【kaijisho】";
/// The line after it; below it a person may write.
pub(crate) const COMMENT_END: &str = "【/kaijisho】";
/// The author of comments that hold nothing but what this tool says.
pub(crate) const AUTHOR: &str = "kaijisho";

/// The colour of a cell to mend. NOTE: no palette has these two, so that a cell of a sender is not taken for ours.
pub(crate) const MEND: [u8; 3] = [0xff, 0xd7, 0xa3];
/// The colour of a cell about which something is asked.
pub(crate) const ASK: [u8; 3] = [0xbd, 0xe3, 0xf7];

/// What the second colour of a fill says where the cell had a pattern or a gradient before.
pub(crate) const PATTERN: [u8; 3] = [1, 1, 1];

/// True for a colour that this tool gives cells.
pub(crate) fn is_ours(colour: [u8; 3]) -> bool {
    colour == MEND || colour == ASK
}

/// What a person says in a comment: the text without what this tool says in it.
pub(crate) fn said_by_people(comment: &str) -> String {
    let mut said = String::new();
    let mut rest = comment;
    while let Some((start, end)) = framed(rest) {
        said.push_str(&rest[..start]);
        rest = &rest[end..];
    }
    said.push_str(rest);
    if said.len() == comment.len() {
        return said;
    }
    said.trim().to_owned()
}

/// Where this tool speaks in a comment, with the line feeds around it.
pub(crate) fn framed(comment: &str) -> Option<(usize, usize)> {
    let start = comment.find(COMMENT_START)?;
    let behind = start + COMMENT_START.len();
    let end = comment[behind..]
        .find(COMMENT_END)
        .map_or(comment.len(), |at| behind + at + COMMENT_END.len());
    let start = comment[..start].trim_end_matches(['\n', '\r']).len();
    Some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_heard_around_the_frame() {
        assert_eq!(said_by_people("次期更新で対応"), "次期更新で対応");
        let ours = format!("{COMMENT_START}\n直してください\n{COMMENT_END}");
        assert_eq!(said_by_people(&ours), "");
        assert_eq!(said_by_people(&format!("次期更新\n\n{ours}")), "次期更新");
        assert_eq!(
            said_by_people(&format!("前\n{ours}\n直しました")),
            "前\n直しました"
        );
        assert_eq!(
            said_by_people(&format!("前\n{COMMENT_START}\n終わりがない")),
            "前"
        );
        assert_eq!(said_by_people(" 空白はそのまま "), " 空白はそのまま ");
    }
}
