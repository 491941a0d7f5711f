import Ledger

extension DirectorySet: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(node.name) of \(node.member): \(node.addresses.joined(separator: ", "))"
  }

  var details: OperationDetails { node.pins.map { ("transport key", "\($0)") } }
}

extension DirectoryRemove: DescribedOperation {
  func text(decimals: UInt8?) -> String { "\(name)" }
  var details: OperationDetails { [] }
}

extension ValidatorAdd: DescribedOperation {
  func text(decimals: UInt8?) -> String { "\(proof.validator): \(proof.key)" }
  var details: OperationDetails { [("configuration", "\(configuration)")] }
}

extension ValidatorRemove: DescribedOperation {
  func text(decimals: UInt8?) -> String { "\(name)" }
  var details: OperationDetails { [("configuration", "\(configuration)")] }
}

extension ValidatorUpdate: DescribedOperation {
  func text(decimals: UInt8?) -> String { "\(proof.validator): \(proof.key)" }
  var details: OperationDetails { [("configuration", "\(configuration)")] }
}
