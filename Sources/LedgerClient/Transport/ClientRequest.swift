/// One HTTP request to a node, as a `ClientTransport` sends it.
public struct ClientRequest: Hashable, Sendable {
  public enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
  }

  public var method: Method
  public var url: String
  /// The content type of the body; nil without a body.
  public var contentType: String?
  /// The content type that the client accepts.
  public var accept: String
  public var body: [UInt8]
  public var token: String?
  /// The time limit for the whole exchange.
  public var timeout: Duration
  /// The maximum size of the answer, in bytes.
  public var answerBytes: Int
}
