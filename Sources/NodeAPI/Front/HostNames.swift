internal import Node

/// The names by which clients may call the node.
///
/// A page in a browser can make a name of its own point to this machine and then read from it as from its own site (DNS
/// rebinding). The browser still sends that name as `Host`, so at an address that only this machine can reach, names that
/// nobody gave this node are refused.
struct HostNames: Sendable {
  private let names: Set<String>
  /// Whether only these names are accepted at every address, because the settings list some.
  let areChecked: Bool

  /// - Parameter host: the API's own name or address.
  init(host: String, names: [String]) {
    self.names = Set(([host] + names).map { $0.lowercased() })
    areChecked = !names.isEmpty
  }

  /// Whether a `Host` field names this node. The port does not matter.
  func contains(_ field: String) -> Bool {
    let host = Self.host(of: field)
    return names.contains(host) || Endpoint(host: host, port: 1).isLoopback
  }

  /// The host, in lower case and without a final dot; an IPv6 address is without brackets.
  private static func host(of field: String) -> String {
    if field.hasPrefix("["), let end = field.firstIndex(of: "]") {
      return field[field.index(after: field.startIndex)..<end].lowercased()
    }
    let host = field.prefix { $0 != ":" }.lowercased()
    return host.hasSuffix(".") ? String(host.dropLast()) : host
  }
}
