package import Primitives

/// Why a snapshot cannot be made from a log.
package enum SnapshotMakingError: ExplainedError {
  case nothingFinal(String)
  case notProven(Height)

  package var code: String {
    switch self {
    case .nothingFinal: "snapshot.nothing-final"
    case .notProven: "snapshot.not-proven"
    }
  }

  package var explanation: String {
    switch self {
    case .nothingFinal(let folder):
      "the log in \(folder) contains no final block, so the only state is that of genesis"
    case .notProven(let height): "block \(height) is final in the log, but nothing there proves it"
    }
  }

  package var nextStep: String {
    switch self {
    case .nothingFinal: "wait until a transaction is final at this node, then run the command again"
    case .notProven: "run 'roadbed audit' on the node's directory"
    }
  }
}
