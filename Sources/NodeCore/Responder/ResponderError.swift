internal import Primitives

/// Why a peer's request cannot be answered.
package enum ResponderError: ExplainedError {
  case chain(ChainStoreError)
  case snapshot(SnapshotFault)

  private var cause: any ExplainedError {
    switch self {
    case .chain(let error): error
    case .snapshot(let error): error
    }
  }

  package var code: String { cause.code }
  package var explanation: String { cause.explanation }
  package var nextStep: String { cause.nextStep }
}
