internal import Ledger

/// The JSON form of one kind of operation, for reading and writing its fields.
protocol OperationForm {
  /// Reads the fields other than `kind`.
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation
  /// Writes the fields other than `kind`. `decimals` is that of the asset that the operation moves; nil if unknown.
  func write(into members: inout [String: JSONValue], decimals: UInt8?)
}

extension OperationKind {
  var form: any OperationForm.Type {
    switch self {
    case .memberAdd: MemberAdd.self
    case .memberUpdate: MemberUpdate.self
    case .memberSuspend: MemberSuspend.self
    case .memberRestore: MemberRestore.self
    case .accountOpen: AccountOpen.self
    case .accountFreeze: AccountFreeze.self
    case .accountUnfreeze: AccountUnfreeze.self
    case .accountClose: AccountClose.self
    case .assetDefine: AssetDefine.self
    case .assetIssue: AssetIssue.self
    case .assetRetire: AssetRetire.self
    case .assetTransfer: AssetTransfer.self
    case .assetCap: AssetCap.self
    case .assetHandOver: AssetHandOver.self
    case .assetFreeze: AssetFreeze.self
    case .assetUnfreeze: AssetUnfreeze.self
    case .holdPlace: HoldPlace.self
    case .holdCapture: HoldCapture.self
    case .holdRelease: HoldRelease.self
    case .recordAnchor: RecordAnchor.self
    case .parameterSet: ParameterSet.self
    case .directorySet: DirectorySet.self
    case .directoryRemove: DirectoryRemove.self
    case .validatorAdd: ValidatorAdd.self
    case .validatorRemove: ValidatorRemove.self
    case .validatorUpdate: ValidatorUpdate.self
    }
  }
}

extension Operation {
  var form: any OperationForm {
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
