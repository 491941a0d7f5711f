import Foundation

/// One HTTP exchange, byte for byte, such as a careless or hostile client may send.
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

  /// Sends bytes and returns what arrives until the other side closes or ten seconds have passed.
  static func exchange(_ bytes: [UInt8], port: Int) throws -> [UInt8] {
    let connection = try RawConnection(port: port)
    defer { connection.close() }
    // The other side may answer and close before it has received everything.
    connection.send(bytes)
    connection.receive()
    return connection.received
  }
}
