import PeerNetwork

extension PeerAddress {
  /// Reads `host:port`.
  init(text: String) throws(ChaosError) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
      throw .setUp("\(text) is not an address")
    }
    self.init(host: String(text[..<colon]), port: port)
  }
}
