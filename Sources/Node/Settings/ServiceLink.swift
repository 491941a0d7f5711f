/// Variables that Kubernetes and Docker put into the environment of every container for each service beside it: a
/// service called `roadbed`, or `roadbed-api`, gives variables that look like settings.
///
/// The names are those of the Kubernetes documentation, "Discovering services", which are Docker's of old.
enum ServiceLink {
  private static let protocols = ["TCP", "UDP", "SCTP"]

  /// Whether a variable is of a service and not a setting.
  static func owns(_ variable: String, value: String) -> Bool {
    let parts = variable.split(separator: "_", omittingEmptySubsequences: false)
    // ROADBED_PORT=tcp://10.0.0.1:7400: the only name that a setting may have, too.
    if parts.last == "PORT", protocols.contains(where: { value.hasPrefix("\($0.lowercased())://") }) { return true }
    for (place, part) in parts.enumerated().dropFirst() {
      let next = parts.dropFirst(place + 1)
      if part == "SERVICE", next.first == "HOST" && next.count == 1 || next.first == "PORT" { return true }
      // ROADBED_PORT_7400_TCP, and behind it _PROTO, _PORT and _ADDR.
      if part == "PORT", let number = next.first, UInt16(number) != nil, let name = next.dropFirst().first,
        protocols.contains(String(name))
      {
        return true
      }
    }
    return false
  }
}
