import Primitives

/// An error of this program itself. Errors of the modules that it uses are shown unchanged.
///
/// The errors of a group of commands are in an extension beside that group.
struct CommandError: ExplainedError, Hashable {
  let code: String
  let explanation: String
  let nextStep: String
}

extension CommandError {
  static func fileMissing(_ path: String) -> CommandError {
    CommandError(
      code: "file.missing", explanation: "\(path) does not exist",
      nextStep: "check the path; it is relative to the current directory")
  }

  static func fileUnreadable(_ path: String, _ reason: String) -> CommandError {
    CommandError(
      code: "file.unreadable", explanation: "\(path) cannot be read: \(reason)",
      nextStep: "check the path and its permissions")
  }

  static func fileUnwritable(_ path: String, _ reason: String) -> CommandError {
    CommandError(
      code: "file.unwritable", explanation: "\(path) cannot be written: \(reason)",
      nextStep: "check the directory, its permissions and the free space on its disk")
  }

  static func fileTooLarge(_ path: String, limit: Int) -> CommandError {
    CommandError(
      code: "file.too-large", explanation: "\(path) is larger than \(limit) bytes, the limit for such a file",
      nextStep: "check that it is the right file; split large batches into several transactions")
  }

  static func fileExists(_ path: String) -> CommandError {
    CommandError(
      code: "file.exists", explanation: "\(path) already exists and is not overwritten",
      nextStep: "choose another path, or move the old file away if you no longer need it")
  }
}
