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
  /// For the whole exchange.
  public var timeout: Duration
  /// The most bytes of the answer.
  public var answerBytes: Int
}
