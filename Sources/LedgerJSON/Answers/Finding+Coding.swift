public import Primitives

extension Finding.Severity: Codable {}
extension Finding.Subject.Kind: Codable {}

extension Finding.Subject: Codable {
  private enum CodingKeys: String, CodingKey { case kind, name }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try container.decode(Kind.self, forKey: .kind), try container.decodeIfPresent(String.self, forKey: .name))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encodeIfPresent(name, forKey: .name)
  }
}

/// As JSON, a finding has the members of an `ErrorDetail` and three more.
extension Finding: Codable {
  private enum CodingKeys: String, CodingKey {
    case code, severity, since, subject, nextStep
    case explanation = "message"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      code: try container.decode(String.self, forKey: .code),
      severity: try container.decode(Severity.self, forKey: .severity),
      since: try container.decode(Timestamp.self, forKey: .since),
      subject: try container.decode(Subject.self, forKey: .subject),
      explanation: try container.decode(String.self, forKey: .explanation),
      nextStep: try container.decode(String.self, forKey: .nextStep))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(code, forKey: .code)
    try container.encode(severity, forKey: .severity)
    try container.encode(since, forKey: .since)
    try container.encode(subject, forKey: .subject)
    try container.encode(explanation, forKey: .explanation)
    try container.encode(nextStep, forKey: .nextStep)
  }
}
