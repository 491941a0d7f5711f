/// Where a peer listens: a host name or an IP address, and a TCP port.
package struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
  package var host: String
  /// When listening, 0 asks the system for a free port.
  package var port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
