import ArgumentParser

/// What the signer's key is for, on the command line.
enum SignerRoleArgument: String, CaseIterable, ExpressibleByArgument {
  case node, member
}
