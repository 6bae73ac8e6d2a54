"""The documents that are typed: what is there already, what is typed, and what follows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Typed:
    """A file, and what is typed into it."""

    name: str
    language: str
    before: str
    typed: str
    after: str

    @property
    def whole(self) -> str:
        return self.before + self.typed + self.after


YAML = Typed(
    name="deploy/typed.yaml",
    language="yaml",
    before="""\
AWSTemplateFormatVersion: '2010-09-09'
Description: Ein Dienst für Bestellungen 🛒
Parameters:
  AppId:
    Type: String
Resources:
  ExecutionRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub '${AppId}-ExecutionRole'
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal:
              Service: cloudformation.amazonaws.com
            Action: sts:AssumeRole
""",
    typed="""\
      Policies:
        - PolicyName: größe-🛒
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Sid: Queues # ü🛒
                Effect: Allow
                Action:
                  - sqs:CreateQueue
                  - sqs:SetQueueAttributes
                  - lambda:CreateFunktion
                Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AppId}-*'
              - {Effect: Allow, Action: ["s3:GetObject", 'dynamodb:*'], Resource: '*'}
              - Effect: Allow
                Action: iam:PassRole
                Resource: !Join ['', ['arn:aws:iam::', !Ref AWS::AccountId, ':role/*']]
                Condition:
                  StringEquals: {"iam:PassedToService": ["lambda.amazonaws.com", "ü🛒"]}
              - Effect: Allow
                Action: >-
                  kms:Decrypt
                Resource: arn:aws:kms:eu-west-1:111111111111:key/*""",
    after="""
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub '${AppId}-orders'
""",
)

JSON = Typed(
    name="policies/typed.json",
    language="json",
    before="",
    typed="""\
{
  "Version": "2012-10-17",
  "Id": "Zugriff für 🛒 \\ud83d\\uded2",
  "Statement": [
    {"Sid": "ü🛒", "Effect": "Allow", "Action": ["s3:GetObjekt", "s3:PutObject"],
     "Resource": "arn:aws:s3:::shop-größe-🛒/*"},
    {
      "Effect": "Allow",
      "Action": [
        "ec2:RunInstances",
        "ec2:Describe*",
        "s3:*"
      ],
      "Resource": "*",
      "Condition": {
        "StringLike": { "aws:PrincipalTag/team": "${aws:username}" },
        "IpAddress": { "aws:SourceIp": "10.0.0.0/8" }
      }
    },
    {
      "Effect": "Deny",
      "NotAction": "iam:*",
      "Resource": "arn:aws:iam::111111111111:role\\u002fshop-*"
    }
  ]
}
""",
    after="",
)
