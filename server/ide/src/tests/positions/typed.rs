//! Roles typed from nothing: at each pause, the word that comes next has to be among the first that are offered.

use super::Open;
use super::dialect::Dialect;
use crate::testing::cut;

/// How many offers somebody sees at once.
const SEEN: usize = 12;
/// How much of a word is typed at its second pause.
const BEGUN: usize = 2;

/// In `«…»`, the words that can be completed; behind `|` what the list calls one that is written otherwise.
const YAML: &str = "AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        «Version»: '«2012-10-17»'
        «Statement»:
          - «Effect»: «Allow»
            «Principal»:
              «Service»: «lambda.amazonaws.com»
            «Action»: «sts:AssumeRole»
      ManagedPolicyArns:
        - «AWSLambdaBasicExecutionRole»
      Policies:
        - PolicyName: main
          PolicyDocument:
            «Version»: '«2012-10-17»'
            «Statement»:
              - «Effect»: «Allow»
                «Action»:
                  - «s3:»«GetObject|s3:GetObject»
                  - «s3:»«PutObject|s3:PutObject»
                «Resource»: 'arn:aws:s3:::shop-data/*'
              - «Effect»: «Allow»
                «Action»:
                  - «sqs:»«SendMessage|sqs:SendMessage»
                  - «lambda:»«InvokeFunction|lambda:InvokeFunction»
                «Resource»: '«*»'
                «Condition»:
                  «StringEquals»:
                    «aws:SourceAccount»: '«111111111111»'
              - «Effect»: «Allow»
                «Action»: «iam:»«PassRole|iam:PassRole»
                «Resource»: '*'
                «Condition»:
                  «StringEquals»:
                    «iam:PassedToService»: «states.amazonaws.com»
";

const JSON: &str = "{
  \"«Version»\": \"«2012-10-17»\",
  \"«Statement»\": [
    {
      \"«Effect»\": \"«Allow»\",
      \"«Action»\": [
        \"«dynamodb:»«GetItem|dynamodb:GetItem»\",
        \"«dynamodb:»«Query|dynamodb:Query»\",
        \"«logs:»«PutLogEvents|logs:PutLogEvents»\"
      ],
      \"«Resource»\": \"«*»\"
    },
    {
      \"«Effect»\": \"«Allow»\",
      \"«Action»\": \"«secretsmanager:»«GetSecretValue|secretsmanager:GetSecretValue»\",
      \"«Resource»\": [\"«arn:aws:secretsmanager:eu-west-1:111111111111:secret:shop-*»\"],
      \"«Condition»\": {
        \"«StringLike»\": {
          \"«aws:PrincipalArn»\": \"x\"
        },
        \"«Bool»\": {
          \"«aws:SecureTransport»\": \"«true»\"
        }
      }
    }
  ]
}
";

const TERRAFORM: &str = "data \"aws_iam_policy_document\" \"trust\" {
  «statement» {
    «effect» = \"«Allow»\"
    «principals» {
      «type»        = \"«Service»\"
      «identifiers» = [\"«lambda.amazonaws.com»\"]
    }
    «actions» = [\"«sts:»«AssumeRole|sts:AssumeRole»\"]
  }
}

resource \"aws_iam_role\" \"app\" {
  name               = \"shop-app\"
  assume_role_policy = «data.aws_iam_policy_document.trust.json»
}

resource \"aws_sqs_queue\" \"jobs\" {
  name = \"shop-jobs\"
}

data \"aws_iam_policy_document\" \"main\" {
  «statement» {
    «effect» = \"«Allow»\"
    «actions» = [
      \"«sqs:»«SendMessage|sqs:SendMessage»\",
      \"«sqs:»«ReceiveMessage|sqs:ReceiveMessage»\",
    ]
    «resources» = [«aws_sqs_queue.jobs.arn»]
    «condition» {
      «test»     = \"«StringEquals»\"
      «variable» = \"«aws:SourceAccount»\"
      «values»   = [\"«111111111111»\"]
    }
  }
}

resource \"aws_iam_role_policy\" \"main\" {
  role = aws_iam_role.app.id
  policy = jsonencode({
    «Version» = \"«2012-10-17»\"
    «Statement» = [{
      «Effect» = \"«Allow»\"
      «Action» = [\"«kms:»«Decrypt|kms:Decrypt»\"]
      «Resource» = \"«*»\"
      «Condition» = {
        «StringEquals» = {
          \"«kms:ViaService»\" = \"x\"
        }
      }
    }]
  })
}

resource \"aws_iam_role_policy_attachment\" \"logs\" {
  role       = aws_iam_role.app.name
  policy_arn = \"«AWSLambdaBasicExecutionRole»\"
}
";

/// Each word that can be completed: the text before it, the word, and what the list calls it.
fn words(marked: &str) -> Vec<(String, String, String)> {
    let mut text = String::new();
    let mut words = Vec::new();
    for part in marked.split('«') {
        let Some((word, rest)) = part.split_once('»') else {
            text.push_str(part);
            continue;
        };
        let (word, label) = word.split_once('|').unwrap_or((word, word));
        words.push((text.clone(), word.to_owned(), label.to_owned()));
        text.push_str(word);
        text.push_str(rest);
    }
    words
}

/// The pauses at which the word isn't among the first offers, and how many pauses there are.
fn missed(dialect: Dialect, marked: &str) -> (Vec<String>, usize) {
    let mut missed = Vec::new();
    let mut count = 0;
    for (before, word, label) in words(marked) {
        let mut pauses = vec![0];
        if word.len() > BEGUN {
            pauses.push(BEGUN);
        }
        for length in pauses {
            count += 1;
            let (text, at) = cut(&format!("{before}{}$0", &word[..length]));
            let mut items = Open::new(dialect, text.clone()).completions(at);
            items.retain(|item| {
                let typed = text[item.replace.start as usize..at as usize].to_ascii_lowercase();
                item.filter.to_ascii_lowercase().starts_with(&typed)
            });
            items.sort_by(|a, b| a.sort.cmp(&b.sort));
            let first: Vec<&str> = items
                .iter()
                .take(SEEN)
                .map(|item| item.label.as_str())
                .collect();
            if !first.contains(&label.as_str()) {
                let place = items.iter().position(|item| item.label == label);
                let line = before.rsplit('\n').next().unwrap_or_default();
                missed.push(format!(
                    "{line}{}‸ {label}: {place:?} {first:?}",
                    &word[..length]
                ));
            }
        }
    }
    (missed, count)
}

#[test]
fn the_next_word_is_among_the_first_offers() {
    for (dialect, marked) in [
        (Dialect::Template, YAML),
        (Dialect::Json, JSON),
        (Dialect::Blocks, TERRAFORM),
    ] {
        let (missed, count) = missed(dialect, marked);
        println!("{dialect:?}: {} of {count}", count - missed.len());
        assert!(
            missed.len() * 20 <= count,
            "{dialect:?}: {} of {count}\n{}",
            count - missed.len(),
            missed.join("\n")
        );
    }
}
