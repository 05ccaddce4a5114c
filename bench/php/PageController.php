<?php

declare(strict_types=1);

namespace Understudy\Bench;

use Symfony\Component\Form\Extension\Core\Type\FormType;
use Symfony\Component\Form\Extension\Core\Type\TextareaType;
use Symfony\Component\Form\FormFactoryInterface;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\Validator\Constraints\Length;
use Twig\Environment;

/** A page with a validated form and a template: everything that the bundle extends, and nothing of the bundle. */
final class PageController
{
    public function __construct(
        private readonly Environment $twig,
        private readonly FormFactoryInterface $forms,
    ) {
    }

    public function __invoke(): Response
    {
        $form = $this->forms->createNamedBuilder('comment', FormType::class)
            ->add('body', TextareaType::class, ['constraints' => [new Length(['max' => 500])]])
            ->getForm();
        $form->submit(['body' => 'a text of a user']);

        return new Response($this->twig->render('page.html.twig', ['valid' => $form->isValid(), 'body' => $form->get('body')->getData()]));
    }
}
