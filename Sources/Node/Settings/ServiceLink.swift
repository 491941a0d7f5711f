/// Recognizes the environment variables that Kubernetes and Docker set in every container for each neighbouring
/// service. Those of a service called `roadbed` or `roadbed-api` look like settings.
///
/// The names follow the Kubernetes documentation, "Discovering services", which adopted Docker's.
enum ServiceLink {
  private static let protocols = ["TCP", "UDP", "SCTP"]

  /// Whether a variable describes a service and is not a setting.
  static func owns(_ variable: String, value: String) -> Bool {
    let parts = variable.split(separator: "_", omittingEmptySubsequences: false)
    // For example ROADBED_PORT=tcp://10.0.0.1:7400. Only this name could also be that of a setting.
    if parts.last == "PORT", protocols.contains(where: { value.hasPrefix("\($0.lowercased())://") }) { return true }
    for (place, part) in parts.enumerated().dropFirst() {
      let next = parts.dropFirst(place + 1)
      if part == "SERVICE", next.first == "HOST" && next.count == 1 || next.first == "PORT" { return true }
      // For example ROADBED_PORT_7400_TCP, optionally followed by _PROTO, _PORT or _ADDR.
      if part == "PORT", let number = next.first, UInt16(number) != nil, let name = next.dropFirst().first,
        protocols.contains(String(name))
      {
        return true
      }
    }
    return false
  }
}
