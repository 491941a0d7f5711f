/// Where a peer listens: a host name or address, and a TCP port.
package struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
  package var host: String
  /// 0 asks the system for a free port when listening.
  package var port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
