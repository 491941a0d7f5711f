import Ledger

extension DirectorySet: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(node.name) of \(node.member): \(node.addresses.joined(separator: ", "))"
  }
}

extension DirectoryRemove: DescribedOperation {
  func text(decimals: UInt8?) -> String { "\(name)" }
}

extension ValidatorAdd: DescribedOperation {
  func text(decimals: UInt8?) -> String { "\(proof.validator): \(proof.key)" }
}

extension ValidatorRemove: DescribedOperation {
  func text(decimals: UInt8?) -> String { "\(name)" }
}

extension ValidatorUpdate: DescribedOperation {
  func text(decimals: UInt8?) -> String { "\(proof.validator): \(proof.key)" }
}
