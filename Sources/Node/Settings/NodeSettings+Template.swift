extension NodeSettings {
  /// A commented node.yaml that sets `values` and shows every other setting as a comment with its default, so that
  /// improved defaults of later versions apply. Lists in `values` are separated by commas.
  package static func template(_ values: [SettingsKey: String] = [:]) -> String {
    var lines = [
      "# Settings of a Roadbed node. A setting that is commented out has the value shown, unless its description",
      "# says otherwise. Environment variables override this file (api.port is ROADBED_API_PORT), and the command",
      "# line overrides both. An unknown name is an error.",
    ]
    var section = ""
    for key in SettingsKey.allCases {
      if key.section != section {
        section = key.section
        lines += ["", "\(section):"]
      }
      lines += key.explanation.map { "  # \($0)" }
      let value = values[key]
      lines.append("  \(value == nil ? "#" : "")\(key.name): \(written(key, value ?? key.exampleText))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func written(_ key: SettingsKey, _ text: String) -> String {
    switch key.form {
    case .plain: text
    case .text: quoted(text)
    case .list: "[\(text.split(separator: ",").map { quoted(String($0)) }.joined(separator: ", "))]"
    }
  }

  /// Returns `text` unchanged if YAML cannot misread it, otherwise in double quotes.
  private static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
    if isPlain { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": escaped += "\\\""
      case "\\": escaped += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        escaped += "\\x" + (digits.count == 1 ? "0" : "") + digits
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return "\"\(escaped)\""
  }
}
