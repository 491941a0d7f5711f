import Ledger

extension MemberAdd: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(name): \(authority.rolesText)"
  }
}

extension MemberUpdate: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(name): \(authority.rolesText)"
  }
}

extension MemberSuspend: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(name)"
  }
}

extension MemberRestore: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(name)"
  }
}

extension MemberAuthority {
  fileprivate var rolesText: String { roles.names.isEmpty ? "no roles" : roles.names.joined(separator: ", ") }
}
