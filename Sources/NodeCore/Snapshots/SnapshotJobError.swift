internal import Primitives

/// Why a snapshot is given up that was being made or fetched.
package enum SnapshotJobError: ExplainedError {
  case snapshot(SnapshotFault)
  case chain(ChainStoreError)

  private var cause: any ExplainedError {
    switch self {
    case .snapshot(let error): error
    case .chain(let error): error
    }
  }

  package var code: String { cause.code }
  package var explanation: String { cause.explanation }
  package var nextStep: String { cause.nextStep }
}
