<?php

declare(strict_types=1);

namespace App\Database;

use Doctrine\DBAL\Connection;
use Doctrine\DBAL\Schema\Schema;

/** The forum's three tables, in whatever SQL the database speaks. */
final class Tables
{
    public function __construct(private readonly Connection $connection)
    {
    }

    public function exist(): bool
    {
        return $this->connection->createSchemaManager()->tablesExist(['comment']);
    }

    public function create(): void
    {
        $schema = new Schema();

        $member = $schema->createTable('member');
        $member->addColumn('id', 'integer', ['autoincrement' => true]);
        $member->addColumn('name', 'string', ['length' => 60]);
        $member->addColumn('password', 'string', ['length' => 255]);
        $member->addColumn('moderator', 'boolean', ['default' => false]);
        $member->setPrimaryKey(['id']);
        $member->addUniqueIndex(['name']);

        $thread = $schema->createTable('thread');
        $thread->addColumn('id', 'integer', ['autoincrement' => true]);
        $thread->addColumn('title', 'string', ['length' => 160]);
        $thread->addColumn('body', 'text');
        $thread->addColumn('author_id', 'integer');
        $thread->addColumn('created_at', 'datetime_immutable');
        $thread->setPrimaryKey(['id']);
        $thread->addForeignKeyConstraint('member', ['author_id'], ['id']);

        $comment = $schema->createTable('comment');
        $comment->addColumn('id', 'integer', ['autoincrement' => true]);
        $comment->addColumn('thread_id', 'integer');
        $comment->addColumn('author_id', 'integer');
        $comment->addColumn('body', 'text');
        $comment->addColumn('created_at', 'datetime_immutable');
        $comment->addColumn('state', 'string', ['length' => 10]);                               // App\Entity\State
        $comment->addColumn('label', 'string', ['length' => 20, 'notnull' => false]);           // ok, spam, toxic
        $comment->addColumn('decided_by', 'string', ['length' => 12, 'notnull' => false]);      // understudy, person
        $comment->addColumn('decided_at', 'datetime_immutable', ['notnull' => false]);
        $comment->addColumn('moderator_id', 'integer', ['notnull' => false]);
        $comment->addColumn('decision', 'string', ['length' => 40, 'notnull' => false]);        // dec_…
        $comment->addColumn('suggestion', 'string', ['length' => 20, 'notnull' => false]);
        $comment->addColumn('confidence', 'float', ['notnull' => false]);
        $comment->addColumn('sentiment', 'string', ['length' => 20, 'notnull' => false]);
        $comment->addColumn('sentiment_sure', 'boolean', ['default' => false]);
        $comment->addColumn('appeal', 'text', ['notnull' => false]);
        $comment->addColumn('appealed_at', 'datetime_immutable', ['notnull' => false]);
        $comment->addColumn('appeal_answer', 'string', ['length' => 10, 'notnull' => false]);   // granted, denied
        $comment->addColumn('label_owed', 'boolean', ['default' => false]);                     // Understudy does not know it yet
        $comment->setPrimaryKey(['id']);
        $comment->addIndex(['thread_id', 'id']);
        $comment->addIndex(['state', 'id']);
        $comment->addIndex(['decision']);
        $comment->addForeignKeyConstraint('thread', ['thread_id'], ['id']);
        $comment->addForeignKeyConstraint('member', ['author_id'], ['id']);

        foreach ($schema->toSql($this->connection->getDatabasePlatform()) as $sql) {
            $this->connection->executeStatement($sql);
        }
    }
}
