import Foundation

/// One HTTP exchange, byte for byte: what a careless or hostile client may send.
enum RawHTTP {
  struct Answer {
    var status: Int
    var body: String

    /// The code of the error in the body.
    var code: String {
      struct Body: Decodable {
        struct Detail: Decodable { var code: String }
        var error: Detail
      }
      return (try? JSONDecoder().decode(Body.self, from: Data(body.utf8)).error.code) ?? ""
    }
  }

  struct NoAnswer: Error { var text: String }

  static func request(
    _ method: String, _ path: String, port: Int, contentType: String = "application/json", body: [UInt8] = []
  ) throws -> Answer {
    var request = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
    if !body.isEmpty { request += "Content-Type: \(contentType)\r\nContent-Length: \(body.count)\r\n" }
    let answer = try exchange(Array((request + "\r\n").utf8) + body, port: port)
    let text = String(decoding: answer, as: UTF8.self)
    guard let line = text.split(separator: "\r\n").first,
      let status = Int(line.split(separator: " ").dropFirst().first ?? "")
    else { throw NoAnswer(text: text) }
    let parts = text.components(separatedBy: "\r\n\r\n")
    return Answer(status: status, body: parts.dropFirst().joined(separator: "\r\n\r\n"))
  }

  /// Sends bytes and returns what comes back until the other side closes, or five seconds are over.
  static func exchange(_ bytes: [UInt8], port: Int) throws -> [UInt8] {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw NoAnswer(text: "no socket") }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw NoAnswer(text: "no connection") }
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      // The other side may have answered and closed before it took everything.
      guard count > 0 else { break }
      sent += count
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return answer }
      answer += buffer[..<count]
    }
  }
}
