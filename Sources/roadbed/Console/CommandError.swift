import Primitives

/// An error of this program itself. Errors of the rooms below are shown as they are.
///
/// What a group of commands can go wrong with stands in an extension beside that group.
struct CommandError: ExplainedError, Hashable {
  let code: String
  let explanation: String
  let nextStep: String
}

extension CommandError {
  static func fileMissing(_ path: String) -> CommandError {
    CommandError(
      code: "file.missing", explanation: "there is no file \(path)",
      nextStep: "check the path; it is relative to the directory that the command runs in")
  }

  static func fileUnreadable(_ path: String, _ reason: String) -> CommandError {
    CommandError(
      code: "file.unreadable", explanation: "\(path) cannot be read: \(reason)",
      nextStep: "check the path and the rights on it")
  }

  static func fileUnwritable(_ path: String, _ reason: String) -> CommandError {
    CommandError(
      code: "file.unwritable", explanation: "\(path) cannot be written: \(reason)",
      nextStep: "check the directory, the rights on it and the room on its disk")
  }

  static func fileTooLarge(_ path: String, limit: Int) -> CommandError {
    CommandError(
      code: "file.too-large", explanation: "\(path) is longer than \(limit) bytes, the limit for such a file",
      nextStep: "check that it is the file you mean; split large batches into several transactions")
  }

  static func fileExists(_ path: String) -> CommandError {
    CommandError(
      code: "file.exists", explanation: "\(path) exists already and is not overwritten",
      nextStep: "choose another path, or move the old one away if it is no longer needed")
  }
}
