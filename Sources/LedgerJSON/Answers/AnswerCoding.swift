public import Foundation

/// How answers become bytes: UTF-8, keys sorted, slashes not escaped; absent fields are left out. The same value
/// always gives the same bytes.
public enum AnswerCoding {
  /// An answer's bytes.
  public static func encode(_ answer: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(answer)
  }

  /// An answer's bytes, indented for people, with a line break at the end.
  public static func encodePretty(_ answer: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    return try encoder.encode(answer) + Data([UInt8(ascii: "\n")])
  }

  /// Reads an answer. Unknown keys are skipped, so that a client reads the answers of a later node; of a repeated key
  /// the platform's decoder takes one. Requests and files are read by `JSONParser`, which does neither.
  public static func decode<Answer: Decodable>(_ type: Answer.Type = Answer.self, from data: Data) throws -> Answer {
    try JSONDecoder().decode(Answer.self, from: data)
  }
}
