internal import Ledger

/// The JSON form of one kind of operation: what reads its fields, and what writes them.
protocol OperationForm {
  /// Reads the fields beside `kind`.
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation
  /// Writes the same fields. `decimals` are those of the asset that the operation moves.
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
    case .assetDefine: AssetDefine.self
    case .assetIssue: AssetIssue.self
    case .assetRetire: AssetRetire.self
    case .assetTransfer: AssetTransfer.self
    case .recordAnchor: RecordAnchor.self
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
    case .assetDefine(let operation): operation
    case .assetIssue(let operation): operation
    case .assetRetire(let operation): operation
    case .assetTransfer(let operation): operation
    case .recordAnchor(let operation): operation
    }
  }
}
