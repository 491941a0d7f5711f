package import Ledger

/// Labels and values, in the order in which they are shown.
package typealias OperationDetails = [(label: String, value: String)]

/// An operation that can be shown as a line of text.
package protocol DescribedOperation {
  /// The text after the name of the kind. `decimals` are those of the asset that the operation moves.
  func text(decimals: UInt8?) -> String
  /// Everything that the text leaves out, for whoever signs the operation.
  var details: OperationDetails { get }
}

extension Ledger.Operation {
  package var described: any DescribedOperation {
    switch self {
    case .memberAdd(let operation): operation
    case .memberUpdate(let operation): operation
    case .memberSuspend(let operation): operation
    case .memberRestore(let operation): operation
    case .accountOpen(let operation): operation
    case .accountFreeze(let operation): operation
    case .accountUnfreeze(let operation): operation
    case .accountClose(let operation): operation
    case .assetDefine(let operation): operation
    case .assetIssue(let operation): operation
    case .assetRetire(let operation): operation
    case .assetTransfer(let operation): operation
    case .assetCap(let operation): operation
    case .assetHandOver(let operation): operation
    case .assetFreeze(let operation): operation
    case .assetUnfreeze(let operation): operation
    case .holdPlace(let operation): operation
    case .holdCapture(let operation): operation
    case .holdRelease(let operation): operation
    case .recordAnchor(let operation): operation
    case .parameterSet(let operation): operation
    case .directorySet(let operation): operation
    case .directoryRemove(let operation): operation
    case .validatorAdd(let operation): operation
    case .validatorRemove(let operation): operation
    case .validatorUpdate(let operation): operation
    }
  }
}

extension OperationDetails {
  /// A text that may be empty, and then is no detail.
  package static func text(_ label: String, _ text: String) -> Self {
    text.isEmpty ? [] : [(label, Printable.text(text))]
  }
}
