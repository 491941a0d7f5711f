package import Ledger

extension DirectorySet: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(node.name) of \(node.member): \(node.addresses.joined(separator: ", "))"
  }

  package var details: OperationDetails { node.pins.map { ("transport key", "\($0)") } }
}

extension DirectoryRemove: DescribedOperation {
  package func text(decimals: UInt8?) -> String { "\(name)" }
  package var details: OperationDetails { [] }
}

extension ValidatorAdd: DescribedOperation {
  package func text(decimals: UInt8?) -> String { "\(proof.validator): \(proof.key)" }
  package var details: OperationDetails { [("configuration", "\(configuration)")] }
}

extension ValidatorRemove: DescribedOperation {
  package func text(decimals: UInt8?) -> String { "\(name)" }
  package var details: OperationDetails { [("configuration", "\(configuration)")] }
}

extension ValidatorUpdate: DescribedOperation {
  package func text(decimals: UInt8?) -> String { "\(proof.validator): \(proof.key)" }
  package var details: OperationDetails { [("configuration", "\(configuration)")] }
}
