import Primitives

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Why a directory cannot be locked.
package enum DirectoryLockError: Error, Hashable, Sendable {
  /// Another process has locked the directory; `owner` is its process number, if it could be read.
  case held(path: String, owner: Int32?)
  case disk(DiskError)
}

extension DirectoryLockError: ExplainedError {
  package var code: String {
    switch self {
    case .held: "disk.locked"
    case .disk(let error): error.code
    }
  }

  package var explanation: String {
    switch self {
    case .held(let path, let owner):
      "another process\(owner.map { " (pid \($0))" } ?? "") has locked \(path)"
    case .disk(let error): error.explanation
    }
  }

  package var nextStep: String {
    switch self {
    case .held(_, let owner):
      "stop that process\(owner.map { " (pid \($0))" } ?? "") first, or start this node with its own directory"
    case .disk(let error): error.nextStep
    }
  }
}
