package import Ledger

extension MemberAdd: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(name): \(authority.rolesText)"
  }

  package var details: OperationDetails { .text("description", description) + authority.details }
}

extension MemberUpdate: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(name): \(authority.rolesText)"
  }

  package var details: OperationDetails { authority.details }
}

extension MemberSuspend: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(name)"
  }

  package var details: OperationDetails { .text("reason", reason) }
}

extension MemberRestore: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(name)"
  }

  package var details: OperationDetails { [] }
}

extension MemberAuthority {
  fileprivate var details: OperationDetails {
    [("must sign", "\(threshold) of \(keys.count) keys")] + keys.map { ("key", "\($0)") }
  }

  fileprivate var rolesText: String { roles.names.isEmpty ? "no roles" : roles.names.joined(separator: ", ") }
}
