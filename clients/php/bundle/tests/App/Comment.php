<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests\App;

use Doctrine\ORM\Mapping as ORM;
use Understudy\SymfonyBundle\Doctrine\Decide;
use Understudy\SymfonyBundle\Validator\Moderated;

#[ORM\Entity]
#[Decide(task: 'comment-moderation', field: 'body', subject: 'author')]
class Comment
{
    #[ORM\Id]
    #[ORM\GeneratedValue]
    #[ORM\Column(type: 'integer')]
    public ?int $id = null;

    #[ORM\Column(type: 'text')]
    #[Moderated(task: 'comment-moderation', allow: ['ok'])]
    public string $body = '';

    #[ORM\Column(type: 'string')]
    public string $author = 'somebody';

    #[ORM\Column(type: 'string', nullable: true)]
    public ?string $state = null;
}
