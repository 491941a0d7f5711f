public import Foundation

/// The encoding of answers: UTF-8, keys sorted, slashes not escaped, absent fields left out. The same value always
/// gives the same bytes.
public enum AnswerCoding {
  /// Encodes an answer.
  public static func encode(_ answer: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(answer)
  }

  /// Encodes an answer with indentation, for people, and a line break at the end.
  public static func encodePretty(_ answer: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    return try encoder.encode(answer) + Data([UInt8(ascii: "\n")])
  }

  /// Reads an answer. Unknown keys are skipped, so that a client can read the answers of a later node; of a repeated
  /// key the platform's decoder takes one. Requests and files are read by `JSONParser` and `JSONObjectReader`, which
  /// refuse both.
  public static func decode<Answer: Decodable>(_ type: Answer.Type = Answer.self, from data: Data) throws -> Answer {
    try JSONDecoder().decode(Answer.self, from: data)
  }
}
